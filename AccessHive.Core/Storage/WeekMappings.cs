using AccessHive.Core.Agency;
using AccessHive.Core.Cases.Weeks;
using AccessHive.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;

namespace AccessHive.Core.Storage;

/// <summary>Working hours as one text.</summary>
public sealed class WorkingHoursConverter() : ValueConverter<WorkingHours, string>(h => h.ToStored(), t => WorkingHours.FromStored(t));

/// <summary>A time of day as minutes since midnight.</summary>
public sealed class LocalTimeConverter() : ValueConverter<LocalTime, int>(t => t.Hour * 60 + t.Minute, m => new LocalTime(m / 60, m % 60));

internal sealed class AgencySettingsMapping : IEntityTypeConfiguration<AgencySettings>
{
    public void Configure(EntityTypeBuilder<AgencySettings> builder)
    {
        // No check on ReviewDue: on a table that exists it would rebuild the table outside the migration's transaction.
        const long hour = 36_000_000_000;
        builder.ToTable("Agency");
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Hours).HasConversion<WorkingHoursConverter>().HasDefaultValueSql($"'{WorkingHours.Default.ToStored()}'").ValueGeneratedNever();
        builder.Property(a => a.ReviewDay).HasConversion<int>().HasDefaultValueSql("1").ValueGeneratedNever();
        builder.Property(a => a.ReviewTime).HasConversion<LocalTimeConverter>().HasDefaultValueSql("540").ValueGeneratedNever();
        builder.Property(a => a.ReviewDue).HasDefaultValueSql($"{72 * hour}").ValueGeneratedNever();
        builder.Property(a => a.Revision).HasDefaultValueSql("1").ValueGeneratedNever();
        builder.Ignore(a => a.Details);
    }
}

internal sealed class WeekReminderMapping : IEntityTypeConfiguration<WeekReminder>
{
    public void Configure(EntityTypeBuilder<WeekReminder> builder)
    {
        builder.ToTable("WeekReminders");
        builder.HasKey(r => new { r.Week, r.Day });
        builder.Property(r => r.Week).HasMaxLength(8);
        builder.Property(r => r.Day).HasMaxLength(10);
        builder.HasIndex(r => r.Day).IsUnique().HasDatabaseName("UX_WeekReminders_OneADay");
    }
}

internal sealed class WeekAttestationMapping : IEntityTypeConfiguration<WeekAttestation>
{
    public void Configure(EntityTypeBuilder<WeekAttestation> builder)
    {
        builder.ToTable("WeekAttestations", t => t.HasCheckConstraint("CK_Week_Order", "\"Until\" >= \"From\" AND \"AttestedAt\" >= \"Until\""));
        builder.HasKey(a => a.Week);
        builder.Property(a => a.Week).HasMaxLength(8);
        builder.Property(a => a.Text).HasMaxLength(WeekAttestation.TextLength);
    }
}

internal sealed class ReviewBlockLiftMapping : IEntityTypeConfiguration<ReviewBlockLift>
{
    public void Configure(EntityTypeBuilder<ReviewBlockLift> builder)
    {
        builder.ToTable("ReviewBlockLifts");
        builder.Property(l => l.Id).ValueGeneratedOnAdd();
        builder.Property(l => l.Reason).HasMaxLength(ReviewBlockLift.LongestReason);
        builder.HasIndex(l => l.Until);
    }
}

/// <summary>What the database itself refuses about weeks, and what an agency founded before them starts with.</summary>
internal static class WeekGuards
{
    public const string Version1 = """
        UPDATE "Agency" SET "FoundedAt" = COALESCE((SELECT "RecordedAt" * 10000 FROM "Trail" ORDER BY "Seq" LIMIT 1), 0);
        CREATE TRIGGER TR_WeekAttestations_Final BEFORE UPDATE ON "WeekAttestations" BEGIN SELECT RAISE(ABORT, 'An attested week is final.'); END;
        CREATE TRIGGER TR_WeekAttestations_NoDelete BEFORE DELETE ON "WeekAttestations" BEGIN SELECT RAISE(ABORT, 'Attestations are kept.'); END;
        CREATE TRIGGER TR_ReviewBlockLifts_Final BEFORE UPDATE ON "ReviewBlockLifts" BEGIN SELECT RAISE(ABORT, 'A lift runs out by itself.'); END;
        CREATE TRIGGER TR_ReviewBlockLifts_NoDelete BEFORE DELETE ON "ReviewBlockLifts" BEGIN SELECT RAISE(ABORT, 'Lifts are kept.'); END;
        """;
}
