using AccessHive.Core.Kernel;
using NodaTime;

namespace AccessHive.Core.Notices;

/// <summary>An entry of the trail, as far as it decides who is told what.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Type">What happened, for example <c>request.routed</c>.</param>
/// <param name="Emergency">Whether it belongs to an emergency.</param>
/// <param name="By">Who did it; nobody when the product itself acted.</param>
/// <param name="About">What it is about.</param>
/// <param name="Facts">What the entry says openly. Facts about persons are not in it: words find them where they lie now.</param>
public sealed record Happening(long Seq, Instant At, string Type, bool Emergency, PersonId? By, Subject About, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>A fact; empty, if it is not told.</summary>
    public string Fact(string name) => Facts.TryGetValue(name, out var value) ? value : "";
}

/// <summary>What the tree over the trail was when something was told: who keeps notices can prove later that nothing before was changed.</summary>
/// <param name="Size">How many entries.</param>
/// <param name="Root">The first 8 bytes of the root, in lower-case hex.</param>
public sealed record NoticeAnchor(long Size, string Root)
{
    /// <summary>Characters of <see cref="Root"/>.</summary>
    public const int RootLength = 16;

    /// <summary>The anchor of a root.</summary>
    public static NoticeAnchor Of(long size, ReadOnlySpan<byte> root) => new(size, Convert.ToHexStringLower(root[..(RootLength / 2)]));

    /// <summary>The line that every mail ends with: <c>Trail: 12,345 entries, root 3f9a1b2c44d5e6f7…</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Trail: {Size:N0} {(Size == 1 ? "entry" : "entries")}, root {Root}…");
}
