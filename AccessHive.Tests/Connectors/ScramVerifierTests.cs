using AccessHive.Core.Connectors;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class ScramVerifierTests
{
    // RFC 7677, section 3: the password "pencil" with this salt gives the exchange's proof and signature, from which these keys follow.
    [Fact]
    public void A_known_salt_gives_the_known_verifier()
        => Assert.Equal(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
            ScramVerifier.Compute("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096));

    [Fact]
    public void The_same_password_never_looks_the_same()
        => Assert.NotEqual(ScramVerifier.Compute("pencil"u8), ScramVerifier.Compute("pencil"u8));
}
