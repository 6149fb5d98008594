using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Core.Notices.UseCases;

namespace AccessHive.Web.Demo;

public static partial class Scenes
{
    /// <summary>The agency is founded by whoever opened the setup link.</summary>
    public static async Task FoundedAsync(Stage stage, CastMember owner)
    {
        var joining = stage.Get<Joining>();
        var token = (await joining.IssueSetupLinkAsync(stage.Cancellation)).Require();
        await stage.LingerAsync(95);
        var founding = new FoundAgency(DemoCast.Agency, DemoCast.Zone, owner.Name, owner.Email, DemoCast.Password);
        stage.Cast.Add(owner, (await joining.FoundAsync(token, founding, demo: true, stage.Cancellation)).Require());
        await stage.SignInAsync(owner);
    }

    /// <summary>Somebody is invited, opens the link and joins.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="by">Who invites.</param>
    /// <param name="member">Who joins.</param>
    /// <param name="roles">With which roles, when not yet with those of the cast.</param>
    public static async Task JoinedAsync(Stage stage, CastMember by, CastMember member, Roles? roles = null)
    {
        var link = await InviteAsync(stage, by, member with { Roles = roles ?? member.Roles });
        await stage.LingerAsync(170);
        stage.Cast.Add(member, (await stage.Get<Joining>().AcceptAsync(link.Token, DemoCast.Password, stage.Cancellation)).Require());
        await stage.SignInAsync(member);
    }

    /// <summary>Somebody is invited and doesn't join.</summary>
    public static async Task InvitedAsync(Stage stage, CastMember by, CastMember member)
        => stage.Cast.Add(member, (await InviteAsync(stage, by, member)).Person);

    /// <summary>Somebody's roles become those of the cast.</summary>
    public static async Task RolesChangedAsync(Stage stage, CastMember by, CastMember member)
        => (await stage.Get<ManagePeople>().ChangeRolesAsync(stage.Cast[by], stage.Cast[member], member.Roles, stage.Cancellation)).Require();

    /// <summary>Somebody is disabled.</summary>
    public static async Task DisabledAsync(Stage stage, CastMember by, CastMember member)
        => (await stage.Get<ManagePeople>().DisableAsync(stage.Cast[by], stage.Cast[member], stage.Cancellation)).Require();

    /// <summary>Somebody is let back in.</summary>
    public static async Task LetBackInAsync(Stage stage, CastMember by, CastMember member)
        => (await stage.Get<ManagePeople>().EnableAsync(stage.Cast[by], stage.Cast[member], stage.Cancellation)).Require();

    /// <summary>Somebody whose roles don't allow it tries to invite a friend.</summary>
    public static async Task NotPeopleManagerAsync(Stage stage, CastMember who)
        => (await stage.Get<ManagePeople>().InviteAsync(stage.Cast[who], new InvitePerson("A friend", "friend@elsewhere.example", Roles.Member), stage.Cancellation))
            .RequireRefused(AgencyRefusals.NotPeopleManager);

    /// <summary>The wrong password a few times, then the right one.</summary>
    public static async Task WrongPasswordAsync(Stage stage, CastMember who, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await stage.Get<SignIns>().FailedAsync(stage.Cast[who], stage.Cancellation)).Require();
            await stage.LingerAsync(12);
        }

        await stage.SignInAsync(who);
    }

    /// <summary>People start their day, one after the other.</summary>
    public static async Task MorningAsync(Stage stage, params IReadOnlyList<CastMember> people)
    {
        foreach (var who in people)
        {
            await stage.SignInAsync(who);
            await stage.Get<NoticeQueries>().MarkAllReadAsync(stage.Cast[who], stage.Cancellation);
            await stage.LingerAsync(4 * 60 + 10);
        }
    }

    private static async Task<IssuedLink> InviteAsync(Stage stage, CastMember by, CastMember member)
        => (await stage.Get<ManagePeople>().InviteAsync(stage.Cast[by], new InvitePerson(member.Name, member.Email, member.Roles), stage.Cancellation)).Require();
}
