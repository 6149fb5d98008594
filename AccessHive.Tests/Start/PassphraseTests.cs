using AccessHive.Tests.World;
using Xunit;

namespace AccessHive.Tests.Start;

/// <summary>The key made from a passphrase: from the first start on, out of a file or the environment.</summary>
public sealed class PassphraseTests
{
    [Fact]
    public async Task The_first_start_makes_a_key_file_that_opens_nothing_without_the_passphrase()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.In("words"), "correct horse battery\n");
        await using (var first = await HouseProcess.StartAsync(folder.In("data"), "--passphrase-file", folder.In("words")))
            await first.StopAsync();
        Assert.Matches(@"^\$argon2id\$v=19\$m=131072,t=4,p=1\$[A-Za-z0-9+/]{22}\n$", await File.ReadAllTextAsync(folder.In("data.key")));
        var before = folder.Fingerprint();

        foreach (var (passphrase, because) in new[] { ("", "--passphrase-file FILE"), ("Correct horse battery", "is not the one of this house") })
        {
            var said = await HouseProcess.RunWithAsync(passphrase, "--data", folder.In("data"), "--urls", "http://127.0.0.1:0");
            Assert.Equal((1, ""), (said.ExitCode, said.Output));
            Assert.Contains(because, said.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("horse", said.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(before, folder.Fingerprint());
        // In the environment, the right one opens it: a backup of it is checked without a server.
        Assert.Equal(0, (await HouseProcess.RunAsync("backup", folder.In("copy.db"), "--data", folder.In("data"))).ExitCode);
        var check = await HouseProcess.RunWithAsync("correct horse battery", "restore", folder.In("copy.db"), "--check", "--data", folder.In("data"));
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
    }

    [Theory]
    [InlineData("elevenchars", "at least 12")]
    [InlineData("", "can't be read")]
    [InlineData(null, "can't be read")]
    public async Task A_passphrase_that_is_none_makes_no_key(string? words, string because)
    {
        using var folder = new TestFolder();
        if (words is not null)
            await File.WriteAllTextAsync(folder.In("words"), words + "\r\n");

        var said = await HouseProcess.RunAsync("--data", folder.In("data"), "--urls", "http://127.0.0.1:0", "--passphrase-file", folder.In("words"));

        Assert.Equal((1, ""), (said.ExitCode, said.Output));
        Assert.Contains(because, said.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.In("data.key")));
    }
}
