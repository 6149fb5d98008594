using AccessHive.Core.Connectors;
using Xunit;

namespace AccessHive.Tests.Connectors;

public sealed class PasswdTalkTests
{
    [Theory]
    [InlineData("Debian", "Changing password for joe.\r\nCurrent password: ", "\r\nNew password: ", "\r\nRetype new password: ")]
    [InlineData("Red Hat", "Changing password for user joe.\r\nCurrent password: ", "\r\nNew password: ", "\r\nRetype new password: ")]
    [InlineData("older Linux", "(current) UNIX password: ", "\r\nEnter new UNIX password: ", "\r\nRetype new UNIX password: ")]
    [InlineData("Alpine", "Changing password for joe\r\nOld password: ", "\r\nNew password: ", "\r\nRetype password: ")]
    [InlineData("BSD", "Changing local password for joe\r\nOld Password:", "\r\nNew Password:", "\r\nRetype New Password:")]
    public void Each_machines_questions_are_understood(string machine, string current, string next, string again)
    {
        var talk = new PasswdTalk();

        Assert.Equal(PasswdStep.TypeCurrent, talk.Hear(current));
        Assert.Equal(PasswdStep.TypeNext, talk.Hear(next));
        Assert.Equal(PasswdStep.TypeNext, talk.Hear(again));
        Assert.Equal(PasswdStep.Changed, talk.Hear("\r\npasswd: done\r\n\r\naccesshive-passwd-ended 0\r\n"));
        Assert.NotEmpty(machine);
    }

    [Fact]
    public void A_question_is_understood_however_it_arrives()
    {
        var talk = new PasswdTalk();

        Assert.All("Changing password for joe.\r\nCurrent password:", c => Assert.NotEqual(PasswdStep.TypeNext, talk.Hear(c.ToString())));
        Assert.Equal(PasswdStep.TypeNext, talk.Hear(" \r\nNew password: "));
    }

    [Fact]
    public void A_question_that_comes_a_second_time_is_a_refusal()
    {
        var talk = new PasswdTalk();
        talk.Hear("Current password: ");
        talk.Hear("\r\nNew password: ");

        Assert.Equal(PasswdStep.Refused, talk.Hear("\r\nBAD PASSWORD: The password is shorter than 8 characters\r\nNew password: "));
    }

    [Theory]
    [InlineData("accesshive-passwd-ended 10\r\n")]
    [InlineData("passwd: Authentication token manipulation error\r\naccesshive-passwd-ended 1\r\n")]
    [InlineData("sh: passwd: not found\r\naccesshive-passwd-ended 127\r\n")]
    [InlineData("accesshive-passwd-ended 0\r\n")]
    public void An_end_without_content_or_without_a_new_password_is_a_refusal(string end) => Assert.Equal(PasswdStep.Refused, new PasswdTalk().Hear(end));

    [Theory]
    [InlineData("joe@machine:~$ ")]
    [InlineData("Last login: Monday. The new password rules: read them.\r\n")]
    [InlineData("exec env LC_ALL=C sh -c 'passwd; printf \"\\naccesshive-passwd-ended %d\\n\" \"$?\"'\r\n")]
    [InlineData("Password: ")]
    [InlineData("Verification code: ")]
    public void What_is_no_question_for_these_passwords_is_answered_with_nothing(string heard) => Assert.Equal(PasswdStep.Listen, new PasswdTalk().Hear(heard));
}
