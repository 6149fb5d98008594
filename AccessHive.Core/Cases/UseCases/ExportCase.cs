using AccessHive.Core.Audit;
using AccessHive.Core.Kernel;
using AccessHive.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace AccessHive.Core.Cases.UseCases;

/// <summary>Hands a case over as JSON, for those who read every case. The entry is committed before anything leaves.</summary>
public sealed class ExportCase(Work work, CaseQueries queries)
{
    /// <summary>Writes it.</summary>
    /// <returns>The number and the bytes; or <c>not-case-reader</c>, <c>case-not-found</c>.</returns>
    public async Task<Result<(long Number, byte[] Json)>> WriteAsync(PersonId caller, CaseId id, CancellationToken cancellation = default)
    {
        var noted = await work.RunAsync<long>(caller, new Attempt("hand over a case", Emergency: true, Subject.Nothing), async turn =>
        {
            if (await turn.Db.Cases.SingleOrDefaultAsync(c => c.Id == id, turn.Cancellation) is not { } it)
                return CaseRefusals.CaseNotFound;
            turn.Concerning = new Subject(it.RequesterId, it.IdentityId, it.CredentialId, it.FirstRequestId);
            return it.HandOver(turn.By, turn.Now) is { IsRefused: true, Refusal: { } refused } ? refused : it.Number;
        }, cancellation);
        if (noted.IsRefused)
            return noted.Refusal;
        return await queries.PageAsync(caller, id.ToString(), cancellation) is { } page ? (noted.Value, CaseJson.Write(page.Report)) : CaseRefusals.CaseNotFound;
    }
}
