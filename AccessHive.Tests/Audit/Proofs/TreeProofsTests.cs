using System.Buffers.Binary;
using System.Security.Cryptography;
using AccessHive.Core.Audit;
using CsCheck;
using Xunit;

namespace AccessHive.Tests.Audit.Proofs;

public sealed class TreeProofsTests
{
    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, 300).Select(i => Leaf(i))];

    [Fact]
    public void Every_leaf_of_every_small_tree_is_proven_and_none_else()
    {
        for (var size = 1; size <= 40; size++)
        {
            var tree = new MemoryTree(size);
            var root = Naive(0, size);
            Assert.Equal(root, TreeProofs.Root(tree, size));
            for (var i = 0; i < size; i++)
            {
                var proof = TreeProofs.Inclusion(tree, i, size);
                Assert.True(TreeProofs.IsIncluded(Leaves[i], i, size, proof, root));
                Assert.False(TreeProofs.IsIncluded(Leaves[i + 1], i, size, proof, root));
                Assert.False(TreeProofs.IsIncluded(Leaves[i], i + 1, size, proof, root));
                Assert.False(TreeProofs.IsIncluded(Leaves[i], i, size, [.. proof, root], root));
                Assert.False(proof.Count > 0 && TreeProofs.IsIncluded(Leaves[i], i, size, [.. proof.Skip(1)], root));
            }
        }
    }

    [Fact]
    public void Every_beginning_of_every_small_tree_is_proven_and_no_other_tree()
    {
        for (var to = 1; to <= 40; to++)
        {
            var tree = new MemoryTree(to);
            for (var from = 1; from <= to; from++)
            {
                var proof = TreeProofs.Consistency(tree, from, to);
                Assert.True(TreeProofs.IsConsistent(from, Naive(0, from), to, Naive(0, to), proof));
                Assert.False(TreeProofs.IsConsistent(from, Leaves[0].AsSpan(0, 31), to, Naive(0, to), proof));
                Assert.False(TreeProofs.IsConsistent(from, Naive(1, from + 1), to, Naive(0, to), proof));
                Assert.False(TreeProofs.IsConsistent(from, Naive(0, from), to, Naive(1, to + 1), proof));
                Assert.False(TreeProofs.IsConsistent(from, Naive(0, from), to, Naive(0, to), [.. proof, Leaves[0]]));
            }
        }
    }

    [Fact]
    public void Sizes_about_a_kept_subtree_agree_with_the_naive_tree() => Gen.Select(Gen.Int[200, 299], Gen.Int[0, 299], Gen.Int[1, 299]).Sample(
        (size, leaf, from) =>
        {
            var tree = new MemoryTree(size);
            var (index, part) = (leaf % size, (from % size) + 1);
            Assert.Equal(NaivePath(index, 0, size), TreeProofs.Inclusion(tree, index, size));
            Assert.True(TreeProofs.IsConsistent(part, Naive(0, part), size, Naive(0, size), TreeProofs.Consistency(tree, part, size)));
        },
        iter: 150, threads: 1);

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void At_the_borders_of_kept_subtrees_few_hashes_are_read_and_all_proofs_hold(int size)
    {
        var tree = new MemoryTree(size);
        var root = TreeProofs.Root(tree, size);
        Assert.Equal(tree.Frontier.Root(), root);
        foreach (var index in new[] { 0, 1, 254, 255, size / 2, size - 2, size - 1 }.Where(i => i < size))
        {
            tree.HashesRead = 0;
            Assert.True(TreeProofs.IsIncluded(Leaf(index), index, size, TreeProofs.Inclusion(tree, index, size), root));
            Assert.True(tree.HashesRead < 2_000, $"{tree.HashesRead} hashes for leaf {index} of {size}");
        }

        foreach (var from in new[] { 1, 2, 127, 128, 129, 255, 256, 257, size - 1, size }.Where(f => f <= size))
            Assert.True(TreeProofs.IsConsistent(from, TreeProofs.Root(tree, from), size, root, TreeProofs.Consistency(tree, from, size)));
    }

    private static byte[] Leaf(int i)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, i);
        return SHA256.HashData([0, .. bytes]);
    }

    // RFC 6962, word for word.
    private static byte[] Naive(int start, int end)
    {
        if (end - start == 1)
            return Leaves[start];
        var k = 1;
        while (k * 2 < end - start)
            k *= 2;
        return SHA256.HashData([1, .. Naive(start, start + k), .. Naive(start + k, end)]);
    }

    private static List<byte[]> NaivePath(int index, int start, int end)
    {
        if (end - start == 1)
            return [];
        var k = 1;
        while (k * 2 < end - start)
            k *= 2;
        return index < start + k ? [.. NaivePath(index, start, start + k), Naive(start + k, end)] : [.. NaivePath(index, start + k, end), Naive(start, start + k)];
    }

    private sealed class MemoryTree : ITreeHashes
    {
        private readonly List<byte[]> leaves = [];
        private readonly Dictionary<(int Level, long Index), byte[]> kept = [];

        public MemoryTree(int size)
        {
            for (var i = 0; i < size; i++)
            {
                leaves.Add(i < Leaves.Length ? Leaves[i] : Leaf(i));
                Frontier.Append(leaves[i], (level, index, hash) =>
                {
                    if (TreeHash.IsKept(level))
                        kept[(level, index)] = hash;
                });
            }
        }

        public Frontier Frontier { get; } = new();

        public long HashesRead { get; set; }

        public byte[] Read(int level, long first, int count)
        {
            HashesRead += count;
            return [.. Enumerable.Range(0, count).SelectMany(i => level == 0 ? leaves[(int)first + i] : kept[(level, first + i)])];
        }
    }
}
