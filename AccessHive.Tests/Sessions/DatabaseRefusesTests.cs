using AccessHive.Core.Sessions.UseCases;
using AccessHive.Tests.World;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AccessHive.Tests.Sessions;

/// <summary>What the database refuses by itself, whoever asks – also somebody with a SQL prompt.</summary>
public sealed class DatabaseRefusesTests : IAsyncLifetime
{
    private const string RunningCopy = "Id, Kind, RequestId, HolderId, ApprovedBy, IdentityId, CredentialId, StartedAt, EndsAt, \"Limit\", EndWords, Reveals, Version";
    private TestAgency agency = null!;

    public async ValueTask InitializeAsync()
    {
        agency = await TestAgency.FoundAsync();
        await agency.GrantAsync(agency.Adam, minutes: 60);
        var ended = await agency.GrantAsync(agency.Olivia, agency.Adam, minutes: 60);
        await agency.Get<EndSessionHandler>().EndAsync(agency.Olivia, ended);
        await agency.RaiseAsync(agency.Olivia);
    }

    public ValueTask DisposeAsync() => agency.DisposeAsync();

    [Theory]
    [InlineData("UPDATE Sessions SET EndsAt = EndsAt + 1 WHERE EndedAt IS NULL", "CK_Session_Limit")]
    [InlineData("UPDATE Sessions SET StartedAt = StartedAt - 1 WHERE EndedAt IS NULL", "CK_Session_Limit")]
    [InlineData("UPDATE Sessions SET EndsAt = StartedAt WHERE EndedAt IS NULL", "CK_Session_Order")]
    [InlineData("UPDATE Sessions SET EndedAt = NULL WHERE EndedAt IS NOT NULL", "final")]
    [InlineData("UPDATE Sessions SET Reveals = 0 WHERE EndedAt IS NOT NULL", "final")]
    [InlineData("DELETE FROM Sessions", "kept")]
    [InlineData("UPDATE Requests SET State = 'Pending' WHERE State = 'Approved'", "final")]
    [InlineData("UPDATE Requests SET Comment = 'x' WHERE State = 'Approved'", "final")]
    [InlineData("UPDATE Requests SET DecideBy = RaisedAt WHERE State = 'Pending'", "CK_Request_Window")]
    [InlineData("DELETE FROM Requests", "kept")]
    [InlineData("UPDATE Trail SET RecordedAt = 0 WHERE Seq = 1", "append-only")]
    [InlineData("UPDATE Trail SET Payload = x'00'", "append-only")]
    [InlineData("DELETE FROM Trail WHERE Seq = 1", "append-only")]
    [InlineData("DELETE FROM Trail", "append-only")]
    [InlineData("UPDATE EmergencyPolicies SET Rules_MaximumDuration = 288600000000", "CK_Policy_Maximum")]
    [InlineData("UPDATE EmergencyPolicies SET Rules_MaximumDuration = 2400000000", "CK_Policy_Maximum")]
    [InlineData("UPDATE EmergencyPolicies SET Rules_ApprovalWindow = 600000000", "CK_Policy_Window")]
    [InlineData("UPDATE EmergencyPolicies SET Rules_ApprovalWindow = 72600000000", "CK_Policy_Window")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_Window = 35999999999", "CK_Approval_Window")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_Window = 6048000000001", "CK_Approval_Window")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_CheckoutDuration = 8999999999", "CK_Approval_Checkout")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_CheckoutDuration = 864000000001", "CK_Approval_Checkout")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_Extension = 8999999999", "CK_Approval_Extension")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_Extension = -1", "CK_Approval_Extension")]
    [InlineData("UPDATE ApprovalPolicies SET Rules_Extension = 864000000001", "CK_Approval_Extension")]
    [InlineData("INSERT INTO ApproverLists (Scope, Key, Everybody, People, Version) VALUES (0, '', 1, '[]', 1)", "UNIQUE constraint failed: ApproverLists.Scope")]
    [InlineData("INSERT INTO Trail SELECT * FROM Trail WHERE Seq = 1", "UNIQUE")]
    [InlineData("INSERT INTO Sessions (" + RunningCopy + ") SELECT '00000000-0000-0000-0000-000000000001', Kind, '00000000-0000-0000-0000-000000000002', HolderId, ApprovedBy, IdentityId, CredentialId, StartedAt, EndsAt, \"Limit\", '', 0, 1 FROM Sessions WHERE EndedAt IS NULL", "UNIQUE constraint failed: Sessions.HolderId")]
    [InlineData("INSERT INTO Sessions (" + RunningCopy + ") SELECT '00000000-0000-0000-0000-000000000001', Kind, RequestId, '00000000-0000-0000-0000-000000000002', ApprovedBy, IdentityId, CredentialId, StartedAt, EndsAt, \"Limit\", '', 0, 1 FROM Sessions WHERE EndedAt IS NULL", "UNIQUE constraint failed: Sessions.RequestId")]
    [InlineData("UPDATE People SET Email = 'adam@agency.example' WHERE Name = 'Max'", "UNIQUE")]
    public async Task It_refuses(string sql, string because)
    {
        var refused = await Assert.ThrowsAsync<SqliteException>(() => agency.SqlAsync(sql));

        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Rules_Window = 36000000000")]
    [InlineData("Rules_Window = 6048000000000")]
    [InlineData("Rules_CheckoutDuration = 9000000000")]
    [InlineData("Rules_CheckoutDuration = 864000000000")]
    [InlineData("Rules_Extension = 0")]
    [InlineData("Rules_Extension = 9000000000")]
    [InlineData("Rules_Extension = 864000000000")]
    public async Task It_takes_the_edges_themselves(string value) => Assert.Equal(1, await agency.SqlAsync($"UPDATE ApprovalPolicies SET {value}"));

    [Fact]
    public async Task It_refuses_a_second_pending_request_of_a_person_for_one_credential()
    {
        await using var db = await agency.ReadAsync();
        await using var connection = new SqliteConnection($"Data Source={agency.Paths.Database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM pragma_table_info('Requests') WHERE name <> 'Id'";
        var columns = (string)(await command.ExecuteScalarAsync())!;

        var refused = await Assert.ThrowsAsync<SqliteException>(
            () => agency.SqlAsync($"INSERT INTO Requests (Id, {columns}) SELECT '00000000-0000-0000-0000-000000000009', {columns} FROM Requests WHERE State = 'Pending'"));

        Assert.Contains("UNIQUE", refused.Message, StringComparison.Ordinal);
    }
}
