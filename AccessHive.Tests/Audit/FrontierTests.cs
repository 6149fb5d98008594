using System.Security.Cryptography;
using AccessHive.Core.Audit;
using Xunit;

namespace AccessHive.Tests.Audit;

public sealed class FrontierTests
{
    // The inputs and roots that Certificate Transparency implementations are checked with.
    private static readonly string[] Leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Roots_are_the_ones_everybody_else_computes()
    {
        var frontier = new Frontier();
        Assert.Equal(Roots[0], Convert.ToHexStringLower(frontier.Root()));
        foreach (var (leaf, root) in Leaves.Zip(Roots.Skip(1)))
        {
            frontier.Append(TrailFormat.LeafHashOf(Convert.FromHexString(leaf)));
            Assert.Equal(root, Convert.ToHexStringLower(frontier.Root()));
        }
    }

    [Fact]
    public void It_agrees_with_a_naive_tree_at_every_size_and_after_every_storing()
    {
        var leaves = Enumerable.Range(0, 600).Select(n => SHA256.HashData(BitConverter.GetBytes(n))).ToArray();
        var frontier = new Frontier();
        var completed = new List<(int Level, long Index, byte[] Hash)>();
        for (var size = 0; ; size++)
        {
            Assert.Equal((size, Naive(leaves.AsSpan(0, size))), (frontier.Size, Convert.ToHexStringLower(frontier.Root())));
            if (size == leaves.Length)
                break;
            frontier = Frontier.From(frontier.Size, frontier.ToBytes());
            frontier.Append(leaves[size], (level, index, hash) => completed.Add((level, index, hash)));
        }

        Assert.Equal(Enumerable.Range(1, 9).Sum(level => 600 >> level), completed.Count);
        foreach (var (level, index, hash) in completed)
            Assert.Equal(Naive(leaves.AsSpan((int)index << level, 1 << level)), Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 32)]
    [InlineData(3, 32)]
    [InlineData(4, 31)]
    public void What_belongs_to_another_size_is_refused(long size, int bytes)
        => Assert.Throws<FormatException>(() => Frontier.From(size, new byte[bytes]));

    /// <summary>RFC 6962, 2.1, as it stands there.</summary>
    internal static string Naive(ReadOnlySpan<byte[]> leaves) => Convert.ToHexStringLower(Hash(leaves));

    private static byte[] Hash(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length < 2)
            return leaves.Length == 0 ? SHA256.HashData([]) : leaves[0];
        var half = 1;
        while (half * 2 < leaves.Length)
            half *= 2;
        return SHA256.HashData([1, .. Hash(leaves[..half]), .. Hash(leaves[half..])]);
    }
}
