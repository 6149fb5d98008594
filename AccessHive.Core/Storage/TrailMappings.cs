using AccessHive.Core.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AccessHive.Core.Storage;

internal sealed class TrailTreeMapping : IEntityTypeConfiguration<TrailTree>
{
    public void Configure(EntityTypeBuilder<TrailTree> builder)
    {
        builder.ToTable("TrailTree", t => t.HasCheckConstraint("CK_TrailTree_One", "\"Id\" = 1"));
        builder.Property(t => t.Id).ValueGeneratedNever();
    }
}

internal sealed class TrailNodeMapping : IEntityTypeConfiguration<TrailNode>
{
    public void Configure(EntityTypeBuilder<TrailNode> builder)
    {
        builder.ToTable("TrailNodes");
        builder.HasKey(n => new { n.Level, n.Idx });
    }
}

internal sealed class TrailCheckpointMapping : IEntityTypeConfiguration<TrailCheckpoint>
{
    public void Configure(EntityTypeBuilder<TrailCheckpoint> builder)
    {
        builder.ToTable("TrailCheckpoints");
        builder.Property(c => c.Id).ValueGeneratedOnAdd();
        builder.Ignore(c => c.Instant);
        builder.Property(c => c.Cause).HasMaxLength(20);
        builder.HasIndex(c => c.Size);
    }
}

internal sealed class TrailKeyMapping : IEntityTypeConfiguration<TrailKey>
{
    public void Configure(EntityTypeBuilder<TrailKey> builder)
    {
        builder.ToTable("TrailKeys");
        builder.HasKey(k => k.Epoch);
        builder.Property(k => k.Epoch).ValueGeneratedNever();
    }
}

internal sealed class TrailPurgeMapping : IEntityTypeConfiguration<TrailPurge>
{
    public void Configure(EntityTypeBuilder<TrailPurge> builder)
    {
        builder.ToTable("TrailPurges", t =>
        {
            t.HasCheckConstraint("CK_TrailPurge_Step", $"\"Until\" > 0 AND \"Until\" % {TrailPurge.Step} = 0");
            t.HasCheckConstraint("CK_TrailPurge_TwoPeople", "\"ConfirmedBy\" IS NULL OR \"ConfirmedBy\" <> \"AskedBy\"");
            t.HasCheckConstraint("CK_TrailPurge_Order", "\"DoneAt\" IS NULL OR (\"ConfirmedAt\" IS NOT NULL AND \"ConfirmedBy\" IS NOT NULL AND \"WithdrawnAt\" IS NULL)");
        });
        builder.Property(p => p.Id).ValueGeneratedOnAdd();
        builder.Property(p => p.Reason).HasMaxLength(TrailPurge.ReasonLength);
        builder.Property(p => p.File).HasMaxLength(200);
        builder.Ignore(p => p.IsOpen);
    }
}
