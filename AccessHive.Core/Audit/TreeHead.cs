namespace AccessHive.Core.Audit;

/// <summary>The trail at one moment, in one hash: whoever knows it would notice any change to the entries before.</summary>
/// <param name="Size">How many entries there have been; the number of the newest.</param>
/// <param name="Root">The root of the tree over all of them, 32 bytes.</param>
public sealed record TreeHead(long Size, byte[] Root);
