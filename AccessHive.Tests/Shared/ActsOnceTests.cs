using AccessHive.Web.Features.Shared;
using Bunit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace AccessHive.Tests.Shared;

public sealed class ActsOnceTests
{
    private readonly TaskCompletionSource outcome = new();
    private int acts;

    [Fact]
    public async Task A_second_press_while_the_first_is_under_way_does_nothing_and_the_button_says_so()
    {
        await using var context = new BunitContext();
        var button = context.Render<ActionButton>(p => p.Add(b => b.Action, Act).AddChildContent("Approve"));

        var first = button.Find("button").ClickAsync();
        var second = button.Find("button").ClickAsync();

        Assert.Equal("true", button.Find("button").GetAttribute("aria-disabled"));
        Assert.False(button.Find("button").HasAttribute("disabled"), "A disabled button loses the focus.");
        outcome.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(1, acts);
        button.WaitForAssertion(() => Assert.False(button.Find("button").HasAttribute("aria-disabled")));
        await button.Find("button").ClickAsync();
        Assert.Equal(2, acts);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_acts_once_and_its_submit_button_shows_progress()
    {
        await using var context = new BunitContext();
        var form = context.Render<ActionForm>(p => p
            .Add(f => f.OnSubmit, Act)
            .AddChildContent<ActionButton>(b => b.Add(x => x.Kind, "submit").AddChildContent("Save"))
            .AddChildContent<ActionButton>(b => b.AddChildContent("Other")));

        var first = form.Find("form").SubmitAsync();
        var second = form.Find("form").SubmitAsync();

        Assert.Equal(["true", null], form.FindAll("button").Select(b => b.GetAttribute("aria-disabled")));
        outcome.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(1, acts);
        form.WaitForAssertion(() => Assert.False(form.Find("button").HasAttribute("aria-disabled")));
    }

    [Fact]
    public async Task What_opens_a_dialog_does_not_open_it_twice_and_shows_no_progress_behind_it()
    {
        await using var context = new BunitContext();
        var button = context.Render<ActionButton>(p => p.Add(b => b.Action, Act).Add(b => b.Opens, true).AddChildContent("Invite"));

        _ = button.Find("button").ClickAsync();
        _ = button.Find("button").ClickAsync();

        Assert.Equal(1, acts);
        Assert.False(button.Find("button").HasAttribute("aria-disabled"));
        Assert.Equal("dialog", button.Find("button").GetAttribute("aria-haspopup"));
    }

    private EventCallback Act => EventCallback.Factory.Create(this, () =>
    {
        acts++;
        return outcome.Task;
    });
}
