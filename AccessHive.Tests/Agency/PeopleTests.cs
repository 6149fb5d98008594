using AccessHive.Core.Agency;
using AccessHive.Core.Agency.UseCases;
using AccessHive.Core.Kernel;
using AccessHive.Tests.World;
using NodaTime;
using Xunit;

namespace AccessHive.Tests.Agency;

public sealed class PeopleTests : IAsyncLifetime
{
    private static readonly Duration OneTick = Duration.FromMilliseconds(1);
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync() => agency = await TestAgency.FoundAsync();

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Fact]
    public async Task The_last_owner_is_neither_demoted_nor_disabled_not_even_by_themselves()
    {
        Assert.Equal(AgencyRefusals.LastOwner, (await RolesAsync(agency.Olivia, agency.Olivia, Roles.Admin)).Refusal);
        Assert.Equal(AgencyRefusals.LastOwner, (await People.DisableAsync(agency.Olivia, agency.Olivia)).Refusal);

        var invited = (await People.InviteAsync(agency.Olivia, new InvitePerson("Oscar", "oscar@agency.example", Roles.Owner))).Require();
        Assert.Equal(AgencyRefusals.LastOwner, (await People.DisableAsync(agency.Olivia, agency.Olivia)).Refusal);
        var oscar = (await agency.Get<Joining>().AcceptAsync(invited.Token, TestAgency.Password)).Require();
        (await People.DisableAsync(oscar, agency.Olivia)).Require();
        Assert.Equal(AgencyRefusals.LastOwner, (await RolesAsync(oscar, oscar, Roles.Member)).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_owners_who_take_each_other_away_in_parallel_one_wins_and_an_owner_remains(bool disable)
    {
        var oscar = await agency.InviteAsync("Oscar", Roles.Owner);

        var results = await Task.WhenAll(
            Task.Run(() => disable ? People.DisableAsync(agency.Olivia, oscar) : RolesAsync(agency.Olivia, oscar, Roles.Member)),
            Task.Run(() => disable ? People.DisableAsync(oscar, agency.Olivia) : RolesAsync(oscar, agency.Olivia, Roles.Member)));

        Assert.Single(results, r => !r.IsRefused);
        Assert.Single(await People.ListAsync(), p => p.DisabledAt is null && p.Roles.HasAny(Roles.Owner));
    }

    [Fact]
    public async Task Only_an_owner_makes_changes_disables_enables_or_invites_an_owner()
    {
        var oscar = await agency.InviteAsync("Oscar", Roles.Owner);
        var waiting = (await People.InviteAsync(agency.Olivia, new InvitePerson("Orla", "orla@agency.example", Roles.Owner))).Require().Person;

        OwnersOnly(await RolesAsync(agency.Adam, agency.Adam, Roles.Admin | Roles.Owner));
        OwnersOnly(await RolesAsync(agency.Adam, oscar, Roles.Owner | Roles.Member));
        OwnersOnly(await RolesAsync(agency.Adam, oscar, Roles.Member));
        OwnersOnly(await People.DisableAsync(agency.Adam, oscar));
        OwnersOnly(await People.InviteAsync(agency.Adam, new InvitePerson("X", "x@agency.example", Roles.Owner)));
        OwnersOnly(await People.RenewLinkAsync(agency.Adam, waiting));
        (await People.DisableAsync(agency.Olivia, oscar)).Require();
        OwnersOnly(await People.EnableAsync(agency.Adam, oscar));
        (await People.EnableAsync(agency.Olivia, oscar)).Require();
        (await RolesAsync(agency.Olivia, oscar, Roles.Member)).Require();

        static void OwnersOnly<T>(Result<T> result) => Assert.Equal(AgencyRefusals.OwnerOnlyByOwner, result.Refusal);
    }

    [Fact]
    public async Task Owner_and_Admin_manage_people_and_nobody_else()
    {
        foreach (var other in new[] { agency.Priya, agency.Ian, agency.Sofia, agency.Aiko, agency.Max })
        {
            Assert.Equal(AgencyRefusals.NotPeopleManager, (await People.InviteAsync(other, new InvitePerson("X", "x@agency.example", Roles.Member))).Refusal);
            Assert.Equal(AgencyRefusals.NotPeopleManager, (await RolesAsync(other, other, RolePermissions.All)).Refusal);
            Assert.Equal(AgencyRefusals.NotPeopleManager, (await People.DisableAsync(other, agency.Max)).Refusal);
            Assert.Equal(AgencyRefusals.NotPeopleManager, (await People.EnableAsync(other, agency.Max)).Refusal);
            Assert.Equal(AgencyRefusals.NotPeopleManager, (await People.RenewLinkAsync(other, agency.Max)).Refusal);
        }

        (await RolesAsync(agency.Adam, agency.Max, Roles.Member | Roles.Approver)).Require();
        (await People.DisableAsync(agency.Adam, agency.Max)).Require();
        Assert.Equal(AgencyRefusals.PersonDisabled, (await People.DisableAsync(agency.Adam, agency.Max)).Refusal);
        (await People.EnableAsync(agency.Adam, agency.Max)).Require();
        Assert.Equal(AgencyRefusals.NotDisabled, (await People.EnableAsync(agency.Adam, agency.Max)).Refusal);
        Assert.Equal(AgencyRefusals.PersonNotFound, (await People.DisableAsync(agency.Adam, PersonId.New())).Refusal);
    }

    [Theory]
    [InlineData("", "a@b.example", Roles.Member, "name-missing")]
    [InlineData("   ", "a@b.example", Roles.Member, "name-missing")]
    [InlineData("Ann", "", Roles.Member, "email-invalid")]
    [InlineData("Ann", "@b.example", Roles.Member, "email-invalid")]
    [InlineData("Ann", "a@", Roles.Member, "email-invalid")]
    [InlineData("Ann", "a@b@c", Roles.Member, "email-invalid")]
    [InlineData("Ann", "a b@c.example", Roles.Member, "email-invalid")]
    [InlineData("Ann", "a@b.example", Roles.None, "role-missing")]
    [InlineData("Ann", "a@b.example", (Roles)128, "role-missing")]
    [InlineData("Ann", "  ADAM@agency.example ", Roles.Member, "email-taken")]
    [InlineData("Ann", "a@b.example", Roles.Member, null)]
    public async Task An_invitation_needs_a_name_an_address_of_their_own_and_a_role(string name, string email, Roles roles, string? refusal)
        => Assert.Equal(refusal, (await People.InviteAsync(agency.Olivia, new InvitePerson(name, email, roles))).Refusal?.Code);

    [Fact]
    public async Task A_name_has_at_most_100_characters_and_an_address_254()
    {
        var email = new string('a', 242) + "@b.example.x";
        Assert.Equal(254, email.Length);
        Assert.Equal(AgencyRefusals.NameMissing, (await People.InviteAsync(agency.Olivia, new InvitePerson(new string('n', 101), email, Roles.Member))).Refusal);
        Assert.Equal(AgencyRefusals.EmailInvalid, (await People.InviteAsync(agency.Olivia, new InvitePerson("n", "a" + email, Roles.Member))).Refusal);
        (await People.InviteAsync(agency.Olivia, new InvitePerson(new string('n', 100), email, Roles.Member))).Require();
    }

    [Fact]
    public async Task An_invitation_works_once()
    {
        var link = await InvitedAsync();
        Assert.Equal(new OpenLink(false, "Nora", "nora@agency.example"), await Joining.LookAtAsync(link.Token));

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Joining.AcceptAsync(link.Token, TestAgency.Password))));

        Assert.Single(results, r => !r.IsRefused);
        Assert.Equal(5, results.Count(r => r.Refusal == AgencyRefusals.LinkNotValid));
        Assert.Null(await Joining.LookAtAsync(link.Token));
        Assert.Equal(AgencyRefusals.AlreadyJoined, (await People.RenewLinkAsync(agency.Olivia, link.Person)).Refusal);
    }

    [Fact]
    public async Task An_invitation_works_for_seven_days_and_not_at_the_end_of_them()
    {
        var early = await InvitedAsync();
        agency.Time.Advance(Duration.FromDays(7) - OneTick);
        Assert.NotNull(await Joining.LookAtAsync(early.Token));
        agency.Time.Advance(OneTick);

        Assert.Null(await Joining.LookAtAsync(early.Token));
        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.AcceptAsync(early.Token, TestAgency.Password)).Refusal);
        var renewed = (await People.RenewLinkAsync(agency.Olivia, early.Person)).Require();
        (await Joining.AcceptAsync(renewed.Token, TestAgency.Password)).Require();
    }

    [Fact]
    public async Task A_renewed_link_ends_the_one_before()
    {
        var first = await InvitedAsync();
        var second = (await People.RenewLinkAsync(agency.Adam, first.Person)).Require();

        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.AcceptAsync(first.Token, TestAgency.Password)).Refusal);
        (await Joining.AcceptAsync(second.Token, TestAgency.Password)).Require();
    }

    [Fact]
    public async Task Who_was_disabled_before_joining_does_not_join()
    {
        var link = await InvitedAsync();
        (await People.DisableAsync(agency.Olivia, link.Person)).Require();

        Assert.Null(await Joining.LookAtAsync(link.Token));
        Assert.Equal(AgencyRefusals.PersonDisabled, (await Joining.AcceptAsync(link.Token, TestAgency.Password)).Refusal);
    }

    [Theory]
    [InlineData(11, "short")]
    [InlineData(12, null)]
    [InlineData(128, null)]
    [InlineData(129, "long")]
    public async Task A_password_has_12_to_128_characters_and_a_weak_one_uses_up_no_link(int length, string? why)
    {
        var link = await InvitedAsync();

        var result = await Joining.AcceptAsync(link.Token, new string('p', length));

        Assert.Equal(why, result.Refusal?.Facts["why"]);
        Assert.Equal(why is not null, await Joining.LookAtAsync(link.Token) is not null);
    }

    [Fact]
    public async Task A_house_with_an_owner_issues_no_setup_link_and_an_invitation_founds_nothing()
    {
        Assert.False(await Joining.NeedsSetupAsync());
        Assert.Equal(AgencyRefusals.AlreadyJoined, (await Joining.IssueSetupLinkAsync()).Refusal);
        var link = await InvitedAsync();
        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.FoundAsync(link.Token, Founding)).Refusal);
        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.AcceptAsync("no such token", TestAgency.Password)).Refusal);
    }

    [Fact]
    public async Task The_setup_link_works_once_for_thirty_minutes_and_the_newest_alone()
    {
        await agency.SqlAsync("UPDATE People SET JoinedAt = NULL");
        await agency.SqlAsync("DELETE FROM Agency");
        await agency.SqlAsync("DELETE FROM EmergencyPolicies; DELETE FROM ApprovalPolicies; DELETE FROM ApproverLists");
        Assert.True(await Joining.NeedsSetupAsync());
        var old = (await Joining.IssueSetupLinkAsync()).Require();
        var late = (await Joining.IssueSetupLinkAsync()).Require();
        Assert.Null(await Joining.LookAtAsync(old));
        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.AcceptAsync(late, TestAgency.Password)).Refusal);
        agency.Time.AdvanceMinutes(30);
        Assert.Equal(AgencyRefusals.LinkNotValid, (await Joining.FoundAsync(late, Founding)).Refusal);

        var token = (await Joining.IssueSetupLinkAsync()).Require();
        agency.Time.Advance(Duration.FromMinutes(30) - OneTick);
        Assert.True((await Joining.LookAtAsync(token))!.IsSetup);
        Assert.Equal(AgencyRefusals.NameMissing, (await Joining.FoundAsync(token, Founding with { AgencyName = " " })).Refusal);
        Assert.Equal(AgencyRefusals.PasswordTooWeak, (await Joining.FoundAsync(token, Founding with { Password = "short" })).Refusal);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Joining.FoundAsync(token, Founding with { Email = $"o{i}@new.example" }))));

        Assert.Single(results, r => !r.IsRefused);
        Assert.False(await Joining.NeedsSetupAsync());
    }

    [Fact]
    public async Task No_token_is_kept_in_the_database()
    {
        var link = await InvitedAsync();

        await using var db = await agency.ReadAsync();
        Assert.DoesNotContain(db.Invitations.ToList(), i => Convert.ToHexStringLower(i.TokenHash).Contains(link.Token, StringComparison.Ordinal));
        Assert.DoesNotContain(db.Trail.ToList(), e => System.Text.Encoding.UTF8.GetString(e.Payload).Contains(link.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disabling_ends_every_sign_in_and_enabling_brings_none_back()
    {
        var before = (await agency.Get<SignIns>().FreshAsync(agency.Max))!.SignInEpoch;
        Assert.Equal(agency.Max, await agency.Get<SignIns>().FindAsync(" MAX@agency.example"));

        (await People.DisableAsync(agency.Olivia, agency.Max)).Require();
        Assert.Null(await agency.Get<SignIns>().FreshAsync(agency.Max));
        Assert.Null(await agency.Get<SignIns>().FindAsync("max@agency.example"));
        Assert.Equal(AgencyRefusals.CallerNotActive, (await agency.Get<SignIns>().SignedInAsync(agency.Max)).Refusal);
        (await People.EnableAsync(agency.Olivia, agency.Max)).Require();

        Assert.Equal(before + 1, (await agency.Get<SignIns>().FreshAsync(agency.Max))!.SignInEpoch);
        (await agency.Get<SignIns>().SignedInAsync(agency.Max)).Require();
        (await agency.Get<SignIns>().FailedAsync(agency.Max)).Require();
        Assert.Equal(["person.signed-in", "person.sign-in-failed"], (await agency.TrailAsync("person.si")).TakeLast(2));
    }

    private static FoundAgency Founding => new("New Agency", "Nowhere/Never", "Olga", "olga@new.example", TestAgency.Password);

    private ManagePeople People => agency.Get<ManagePeople>();

    private Joining Joining => agency.Get<Joining>();

    private Task<Result<Done>> RolesAsync(PersonId by, PersonId person, Roles roles) => People.ChangeRolesAsync(by, person, roles);

    private async Task<IssuedLink> InvitedAsync()
        => (await People.InviteAsync(agency.Olivia, new InvitePerson("Nora", "nora@agency.example", Roles.Member))).Require();
}
