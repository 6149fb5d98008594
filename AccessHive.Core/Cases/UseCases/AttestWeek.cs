using AccessHive.Core.Audit;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Answers for a week by name (P13).</summary>
/// <param name="Week">Which.</param>
/// <param name="Name">The name of whoever attests, as they typed it.</param>
/// <param name="Text">What they add, up to 2,000 characters.</param>
public sealed record AttestWeek(ReviewWeek Week, string Name, string Text = "");

/// <summary>Handles <see cref="AttestWeek"/>.</summary>
public sealed class AttestWeekHandler(Work work)
{
    /// <summary>Attests the week, once and for ever.</summary>
    /// <returns>Done; or what <see cref="WeekAttestation.Make"/> refuses.</returns>
    public Task<Result<Done>> HandleAsync(PersonId caller, AttestWeek command, CancellationToken cancellation = default)
        => work.RunAsync<Done>(caller, new Attempt($"attest week {command.Week}", Emergency: true, Subject.Nothing), async turn =>
        {
            if (await WeekFacts.ReadAsync(turn.Db, turn.Cancellation) is not { } weeks)
                return WeekRefusals.WeekUnknown;
            var made = WeekAttestation.Make(turn.By, command.Name, command.Text, await weeks.StandingAsync(turn.Db, command.Week, caller, turn.Cancellation), turn.Now);
            if (made.IsRefused)
                return made.Refusal;
            turn.Db.WeekAttestations.Add(made.Value);
            return Done.Yes;
        }, cancellation);
}
