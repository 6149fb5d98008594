using AccessHive.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AccessHive.Core.Storage;

internal sealed class EmergencyCaseMapping : IEntityTypeConfiguration<EmergencyCase>
{
    public void Configure(EntityTypeBuilder<EmergencyCase> builder)
    {
        builder.ToTable("Cases");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.AccountClosedWords).HasMaxLength(EmergencyCase.ReasonLength);
        builder.Property(c => c.ReopenReason).HasMaxLength(EmergencyCase.ReasonLength);
        builder.HasMany(c => c.Members).WithOne().HasForeignKey(m => m.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Openings).WithOne().HasForeignKey(o => o.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Reviews).WithOne().HasForeignKey(r => r.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.FollowUps).WithOne().HasForeignKey(f => f.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Comments).WithOne().HasForeignKey(m => m.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Reminders).WithOne().HasForeignKey(r => r.CaseId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(c => c.Number).IsUnique();
        builder.HasIndex(c => c.FirstRequestId).IsUnique();
        builder.HasIndex(c => c.Number, "IX_Cases_Open").HasFilter("\"ClosedAt\" IS NULL");
        builder.HasIndex(c => new { c.RequesterId, c.OpenedAt });
        builder.HasIndex(c => new { c.CredentialId, c.OpenedAt });
        builder.HasIndex(c => c.OpenedAt);
    }
}

internal sealed class CaseMemberMapping : IEntityTypeConfiguration<CaseMember>
{
    public void Configure(EntityTypeBuilder<CaseMember> builder)
    {
        builder.ToTable("CaseRequests");
        builder.HasKey(m => m.RequestId);
        builder.Property(m => m.RequestId).ValueGeneratedNever();
        builder.HasIndex(m => m.CaseId);
    }
}

internal sealed class CaseOpeningMapping : IEntityTypeConfiguration<CaseOpening>
{
    public void Configure(EntityTypeBuilder<CaseOpening> builder)
    {
        builder.ToTable("CaseOpenings");
        builder.HasKey(o => new { o.CaseId, o.Round, o.PersonId });
    }
}

internal sealed class CaseReviewMapping : IEntityTypeConfiguration<CaseReview>
{
    public void Configure(EntityTypeBuilder<CaseReview> builder)
    {
        builder.ToTable("CaseReviews");
        builder.HasKey(r => new { r.CaseId, r.Round });
        builder.Ignore(r => r.Looked).Ignore(r => r.IsInstant);
        builder.Property(r => r.Comment).HasMaxLength(CaseComment.TextLength);
        builder.ComplexProperty(r => r.Answers, a =>
        {
            a.Property(x => x.GenuineWords).HasMaxLength(ReviewAnswers.WordsLength);
            a.Property(x => x.DurationWords).HasMaxLength(ReviewAnswers.WordsLength);
        });
        builder.HasIndex(r => new { r.ReviewerId, r.At });
        builder.HasIndex(r => r.At);
    }
}

internal sealed class CaseFollowUpMapping : IEntityTypeConfiguration<CaseFollowUp>
{
    public void Configure(EntityTypeBuilder<CaseFollowUp> builder)
    {
        builder.ToTable("CaseFollowUps");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.What).HasMaxLength(CaseFollowUp.WhatLength);
        builder.HasIndex(f => f.OwnerId).HasFilter("\"DoneAt\" IS NULL").HasDatabaseName("IX_CaseFollowUps_Open");
    }
}

internal sealed class CaseCommentMapping : IEntityTypeConfiguration<CaseComment>
{
    public void Configure(EntityTypeBuilder<CaseComment> builder)
    {
        builder.ToTable("CaseComments");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Text).HasMaxLength(CaseComment.TextLength);
    }
}

internal sealed class CaseReminderMapping : IEntityTypeConfiguration<CaseReminder>
{
    public void Configure(EntityTypeBuilder<CaseReminder> builder)
    {
        builder.ToTable("CaseReminders");
        // Exactly one for each case and day, whoever ticks.
        builder.HasKey(r => new { r.CaseId, r.Round, r.Day });
    }
}
