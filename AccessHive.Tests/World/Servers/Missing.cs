using Xunit;

namespace AccessHive.Tests.World.Servers;

/// <summary>A server that this machine does not have: a skipped test with what brings it, and a failed one where everything has to be there.</summary>
public static class Missing
{
    /// <summary>Whether every server has to be there (<c>CI=true</c>).</summary>
    public static bool IsFailure => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Ends the test.</summary>
    /// <param name="sentence">What is missing and what brings it.</param>
    public static Exception Because(string sentence)
    {
        if (IsFailure)
            Assert.Fail(sentence);
        Assert.Skip(sentence);
        return new InvalidOperationException(sentence);
    }
}
