using AccessHive.Core.Agency;
using AccessHive.Core.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AccessHive.Core.Storage;

/// <summary>What the database itself refuses about notices. Part of the migration that brings them.</summary>
internal static class NoticeRails
{
    public const string Version1 = """
        CREATE TRIGGER TR_Notices_Sent BEFORE UPDATE ON "Notices" WHEN OLD."State" = 'Sent' AND NEW."State" <> 'Sent' BEGIN SELECT RAISE(ABORT, 'What went out stays out.'); END;
        CREATE TRIGGER TR_Notices_Told BEFORE UPDATE OF "PersonId", "Way", "Kind", "Seq", "Urgent", "CreatedAt" ON "Notices" BEGIN SELECT RAISE(ABORT, 'What somebody is told stays as it is.'); END;
        """;
}

internal sealed class NoticeMapping : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> builder)
    {
        builder.ToTable("Notices");
        builder.Property(n => n.Id).ValueGeneratedNever();
        builder.Property(n => n.Type).HasMaxLength(60);
        builder.Property(n => n.Link).HasMaxLength(Notice.LinkLength);
        builder.Property(n => n.Problem).HasMaxLength(Notice.ProblemLength);
        builder.Property(n => n.TreeRoot).HasMaxLength(NoticeAnchor.RootLength);
        builder.Property(n => n.FactsJson).HasColumnName("Facts");
        // Whoever settles a try meets what was read; the loser of a race changes nothing.
        builder.Property(n => n.State).IsConcurrencyToken();
        builder.Ignore(n => n.IsUnread).Ignore(n => n.Anchor).Ignore(n => n.Facts);
        // Everybody is told once of an entry by each way; and a page of the list is one look-up.
        builder.HasIndex(n => new { n.PersonId, n.Way, n.Seq }).IsUnique().HasDatabaseName("UX_Notices_Once");
        builder.HasIndex(n => n.PersonId).HasFilter("\"Way\" = 'InApp' AND \"ReadAt\" IS NULL AND \"OverAt\" IS NULL").HasDatabaseName("IX_Notices_Unread");
        builder.HasIndex(n => n.RequestId).HasFilter("\"Kind\" = 'DecisionWanted'").HasDatabaseName("IX_Notices_Decisions");
        builder.HasIndex(n => n.FailedAt).HasFilter("\"State\" IN ('Failed', 'GivenUp')").HasDatabaseName("IX_Notices_Trouble");
        builder.HasIndex(n => n.Seq);
        builder.HasOne<Person>().WithMany().HasForeignKey(n => n.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class NoticeDebtMapping : IEntityTypeConfiguration<NoticeDebt>
{
    public void Configure(EntityTypeBuilder<NoticeDebt> builder)
    {
        builder.ToTable("NoticeDebts");
        builder.HasKey(d => d.Seq);
        builder.Property(d => d.Seq).ValueGeneratedNever();
        builder.Property(d => d.Problem).HasMaxLength(Notice.ProblemLength);
    }
}

internal sealed class NoticeSettingsMapping : IEntityTypeConfiguration<NoticeSettings>
{
    public void Configure(EntityTypeBuilder<NoticeSettings> builder)
    {
        builder.ToTable("NoticeSettings");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.ComplexProperty(s => s.Mail, mail =>
        {
            mail.Property(m => m.Host).HasMaxLength(MailServer.TextLength);
            mail.Property(m => m.UserName).HasMaxLength(MailServer.TextLength);
            mail.Property(m => m.From).HasMaxLength(MailServer.TextLength);
            mail.Property(m => m.PublicAddress).HasMaxLength(MailServer.TextLength);
        });
    }
}

internal sealed class NoticeChoiceMapping : IEntityTypeConfiguration<NoticeChoice>
{
    public void Configure(EntityTypeBuilder<NoticeChoice> builder)
    {
        builder.ToTable("NoticeChoices");
        builder.HasKey(c => c.PersonId);
        builder.Property(c => c.PersonId).ValueGeneratedNever();
        builder.Property(c => c.Zone).HasMaxLength(NoticeChoice.ZoneLength);
        builder.HasOne<Person>().WithOne().HasForeignKey<NoticeChoice>(c => c.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}
