using AccessHive.Core.Agency;
using AccessHive.Core.Audit;
using AccessHive.Core.Jobs;
using AccessHive.Core.Policies;
using AccessHive.Core.Requests;
using AccessHive.Core.Sessions;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AccessHive.Core.Storage;

internal sealed class PersonMapping : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("People");
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Name).HasMaxLength(Person.NameLength);
        builder.Property(p => p.Email).HasMaxLength(Person.EmailLength);
        builder.HasIndex(p => p.Email).IsUnique();
    }
}

internal sealed class InvitationMapping : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.HasIndex(i => i.TokenHash).IsUnique();
        builder.HasIndex(i => i.Person);
    }
}

internal sealed class EmergencyPolicyMapping : IEntityTypeConfiguration<EmergencyPolicy>
{
    public void Configure(EntityTypeBuilder<EmergencyPolicy> builder)
    {
        const long minute = 600_000_000;
        builder.ToTable("EmergencyPolicies", t =>
        {
            t.HasCheckConstraint("CK_Policy_Maximum", $"\"Rules_MaximumDuration\" BETWEEN {5 * minute} AND {480 * minute}");
            t.HasCheckConstraint("CK_Policy_Window", $"\"Rules_ApprovalWindow\" BETWEEN {2 * minute} AND {120 * minute}");
        });
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.ComplexProperty(p => p.Rules);
    }
}

internal sealed class ApprovalPolicyMapping : IEntityTypeConfiguration<ApprovalPolicy>
{
    public void Configure(EntityTypeBuilder<ApprovalPolicy> builder)
    {
        const long minute = 600_000_000;
        builder.ToTable("ApprovalPolicies", t =>
        {
            t.HasCheckConstraint("CK_Approval_Window", $"\"Rules_Window\" BETWEEN {60 * minute} AND {168 * 60 * minute}");
            t.HasCheckConstraint("CK_Approval_Checkout", $"\"Rules_CheckoutDuration\" BETWEEN {15 * minute} AND {24 * 60 * minute}");
            t.HasCheckConstraint("CK_Approval_Extension", $"\"Rules_Extension\" = 0 OR \"Rules_Extension\" BETWEEN {15 * minute} AND {24 * 60 * minute}");
        });
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.ComplexProperty(p => p.Rules);
    }
}

internal sealed class ApproverListMapping : IEntityTypeConfiguration<ApproverList>
{
    public void Configure(EntityTypeBuilder<ApproverList> builder)
    {
        builder.ToTable("ApproverLists");
        builder.HasKey(l => new { l.Scope, l.Key });
        // A number, so that the narrowest is the greatest.
        builder.Property(l => l.Scope).HasConversion<int>();
        builder.Property(l => l.Key).HasMaxLength(ApproverList.KeyLength).UseCollation("NOCASE");
        builder.Ignore(l => l.Approvers);
        builder.PrimitiveCollection<List<Guid>>("people").HasColumnName("People");
    }
}

internal sealed class SharedIdentityMapping : IEntityTypeConfiguration<SharedIdentity>
{
    public void Configure(EntityTypeBuilder<SharedIdentity> builder)
    {
        builder.ToTable("Identities");
        builder.Ignore(i => i.Details);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Name).HasMaxLength(IdentityDetails.NameLength).UseCollation("NOCASE");
        builder.Property(i => i.Platform).HasMaxLength(IdentityDetails.PlatformLength).UseCollation("NOCASE");
        builder.Property(i => i.Client).HasMaxLength(IdentityDetails.ClientLength).UseCollation("NOCASE");
        builder.Property(i => i.Notes).HasMaxLength(IdentityDetails.NotesLength);
        builder.HasIndex(i => new { i.Name, i.Id });
        builder.HasIndex(i => new { i.Client, i.Name });
        builder.HasIndex(i => new { i.Platform, i.Name });
    }
}

internal sealed class CredentialMapping : IEntityTypeConfiguration<Credential>
{
    public void Configure(EntityTypeBuilder<Credential> builder)
    {
        builder.ToTable("Credentials");
        builder.Ignore(c => c.Details);
        builder.Ignore(c => c.NextVersion);
        builder.Ignore(c => c.RotatesAfterWhatWasSeen);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Label).HasMaxLength(CredentialDetails.LabelLength);
        builder.Property(c => c.UserName).HasMaxLength(CredentialDetails.UserNameLength);
        builder.Property(c => c.Address).HasMaxLength(CredentialDetails.AddressLength);
        builder.ComplexProperty(c => c.Plan, plan =>
        {
            plan.Property(p => p.Host).HasMaxLength(RotationPlan.HostLength);
            plan.Property(p => p.Database).HasMaxLength(RotationPlan.DatabaseLength);
            plan.Property(p => p.HostKey).HasMaxLength(RotationPlan.HostKeyLength);
            plan.Property(p => p.Instructions).HasMaxLength(RotationPlan.InstructionsLength);
            plan.ComplexProperty(p => p.Shape, shape => shape.Property(s => s.Symbols).HasMaxLength(PasswordShape.MostSymbols));
        });
        builder.HasIndex(c => c.IdentityId);
        builder.HasIndex(c => c.ExposedSince).HasFilter("\"ExposedSince\" IS NOT NULL").HasDatabaseName("IX_Credentials_Exposed");
        builder.HasOne<SharedIdentity>().WithMany().HasForeignKey(c => c.IdentityId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Fields).WithOne().HasForeignKey(f => f.CredentialId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(c => c.Versions).WithOne().HasForeignKey(s => s.CredentialId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SealedSecretMapping : IEntityTypeConfiguration<SealedSecret>
{
    public void Configure(EntityTypeBuilder<SealedSecret> builder)
    {
        builder.ToTable("Secrets");
        builder.HasKey(s => new { s.CredentialId, s.Field, s.Version });
    }
}

internal sealed class CredentialFieldMapping : IEntityTypeConfiguration<CredentialField>
{
    public void Configure(EntityTypeBuilder<CredentialField> builder)
    {
        builder.ToTable("CredentialFields");
        builder.HasKey(f => new { f.CredentialId, f.Kind });
    }
}

internal sealed class ExposureMapping : IEntityTypeConfiguration<Exposure>
{
    public void Configure(EntityTypeBuilder<Exposure> builder)
    {
        builder.ToTable("Exposures");
        builder.HasKey(e => new { e.CredentialId, e.Version, e.PersonId });
        builder.HasIndex(e => e.PersonId);
        builder.HasOne<Credential>().WithMany().HasForeignKey(e => e.CredentialId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RotationMapping : IEntityTypeConfiguration<Rotation>
{
    public void Configure(EntityTypeBuilder<Rotation> builder)
    {
        builder.ToTable("Rotations");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Problem).HasMaxLength(Rotation.ProblemLength);
        builder.ComplexProperty(r => r.Target, target =>
        {
            target.Property(t => t.UserName).HasMaxLength(CredentialDetails.UserNameLength);
            target.Property(t => t.Host).HasMaxLength(RotationPlan.HostLength);
            target.Property(t => t.Database).HasMaxLength(RotationPlan.DatabaseLength);
        });
        builder.Ignore(r => r.IsOpen).Ignore(r => r.WaitsForConfirmation).Ignore(r => r.IsUnderWay).Ignore(r => r.CanBeCancelled);
        builder.HasIndex(r => r.CredentialId).IsUnique().HasFilter("\"ClosedAt\" IS NULL").HasDatabaseName("UX_Rotations_OneOpen");
        builder.HasIndex(r => new { r.CredentialId, r.ClosedAt });
        builder.HasIndex(r => r.ClosedAt);
        builder.HasIndex(r => r.PersonId).HasFilter("\"PersonId\" IS NOT NULL");
        builder.HasOne<Credential>().WithMany().HasForeignKey(r => r.CredentialId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class JobMapping : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("Jobs");
        builder.Property(j => j.Id).ValueGeneratedNever();
        builder.Property(j => j.Kind).HasMaxLength(Job.KindLength);
        builder.Property(j => j.About).HasMaxLength(Job.AboutLength);
        builder.Property(j => j.Lane).HasMaxLength(Job.AboutLength);
        builder.Property(j => j.Problem).HasMaxLength(Job.ProblemLength);
        // Whoever takes a job or settles a try meets what was read; the loser of a race changes nothing.
        builder.Property(j => j.State).IsConcurrencyToken();
        builder.Property(j => j.Tries).IsConcurrencyToken();
        builder.Ignore(j => j.IsOpen);
        builder.HasIndex(j => new { j.Kind, j.About }).IsUnique().HasFilter("\"State\" IN ('Queued', 'Running')").HasDatabaseName("UX_Jobs_OneOpen");
        builder.HasIndex(j => new { j.Kind, j.About, j.QueuedAt });
        builder.HasIndex(j => new { j.State, j.DueAt });
        builder.HasIndex(j => j.Lane).HasFilter("\"State\" = 'Running'").HasDatabaseName("IX_Jobs_RunningLanes");
    }
}

internal sealed class AccessRequestMapping : IEntityTypeConfiguration<AccessRequest>
{
    public void Configure(EntityTypeBuilder<AccessRequest> builder)
    {
        builder.ToTable("Requests", t => t.HasCheckConstraint("CK_Request_Window", "\"DecideBy\" > \"RaisedAt\""));
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Comment).HasMaxLength(AccessRequest.CommentLength);
        builder.ComplexProperty(r => r.Justification, j =>
        {
            j.Property(x => x.Text).HasMaxLength(Justification.Longest);
            j.Property(x => x.IncidentReference).HasMaxLength(Justification.ReferenceLength);
        });
        builder.ComplexProperty(r => r.Terms);
        builder.HasMany(r => r.Approvals).WithOne().HasForeignKey(a => a.RequestId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(r => r.Asks).WithOne().HasForeignKey(a => a.RequestId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.RequesterId, r.CredentialId }).IsUnique().HasFilter("\"State\" = 'Pending'").HasDatabaseName("UX_Requests_OnePending");
        builder.HasIndex(r => r.DecideBy).HasFilter("\"State\" = 'Pending'").HasDatabaseName("IX_Requests_Pending");
        builder.HasIndex(r => new { r.RequesterId, r.RaisedAt });
        builder.HasIndex(r => new { r.IdentityId, r.RaisedAt });
        builder.HasIndex(r => r.RaisedAt).HasFilter("\"Kind\" = 'Emergency'").HasDatabaseName("IX_Requests_Emergencies");
    }
}

internal sealed class AskMapping : IEntityTypeConfiguration<Ask>
{
    public void Configure(EntityTypeBuilder<Ask> builder)
    {
        builder.ToTable("Asks");
        builder.HasKey(a => new { a.RequestId, a.PersonId });
    }
}

internal sealed class ApprovalMapping : IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> builder)
    {
        builder.ToTable("Approvals");
        builder.HasKey(a => new { a.RequestId, a.PersonId });
        builder.Property(a => a.Comment).HasMaxLength(AccessRequest.CommentLength);
    }
}

internal sealed class AccessSessionMapping : IEntityTypeConfiguration<AccessSession>
{
    public void Configure(EntityTypeBuilder<AccessSession> builder)
    {
        builder.ToTable("Sessions", t =>
        {
            t.HasCheckConstraint("CK_Session_Order", "\"EndsAt\" > \"StartedAt\"");
            t.HasCheckConstraint("CK_Session_Limit", "\"EndsAt\" - \"StartedAt\" <= \"Limit\"");
        });
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.EndWords).HasMaxLength(AccessSession.ReasonLength);
        builder.HasIndex(s => s.RequestId).IsUnique();
        builder.HasIndex(s => new { s.HolderId, s.CredentialId }).IsUnique().HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("UX_Sessions_OneRunning");
        builder.HasIndex(s => s.EndsAt).HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("IX_Sessions_Running");
        builder.HasIndex(s => new { s.IdentityId, s.StartedAt });
        builder.HasIndex(s => new { s.HolderId, s.StartedAt });
        builder.HasIndex(s => s.StartedAt);
    }
}

internal sealed class TrailEntryMapping : IEntityTypeConfiguration<TrailEntry>
{
    public void Configure(EntityTypeBuilder<TrailEntry> builder)
    {
        builder.ToTable("Trail");
        builder.HasKey(e => e.Seq);
        builder.Ignore(e => e.At);
        builder.Property(e => e.Seq).ValueGeneratedNever();
        builder.Property(e => e.Type).HasMaxLength(60);
        builder.HasIndex(e => e.RecordedAt);
        builder.HasIndex(e => e.Seq).HasFilter("\"Emergency\"").HasDatabaseName("IX_Trail_Emergency");
    }
}

internal sealed class TrailNoteMapping : IEntityTypeConfiguration<TrailNote>
{
    public void Configure(EntityTypeBuilder<TrailNote> builder)
    {
        builder.ToTable("TrailNotes");
        builder.HasKey(n => n.Seq);
        builder.Property(n => n.Seq).ValueGeneratedNever();
    }
}

internal sealed class SavedFilterMapping : IEntityTypeConfiguration<SavedFilter>
{
    public void Configure(EntityTypeBuilder<SavedFilter> builder)
    {
        builder.ToTable("SavedFilters");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Name).HasMaxLength(SavedFilter.NameLength).UseCollation("NOCASE");
        builder.Property(f => f.Query).HasMaxLength(SavedFilter.QueryLength);
        builder.HasIndex(f => new { f.PersonId, f.Name }).IsUnique();
    }
}

internal sealed class SyslogSinkMapping : IEntityTypeConfiguration<SyslogSink>
{
    public void Configure(EntityTypeBuilder<SyslogSink> builder)
    {
        builder.ToTable("SyslogSinks");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.ComplexProperty(s => s.Target, target =>
        {
            target.Property(t => t.Host).HasMaxLength(SyslogTarget.HostLength);
            target.Property(t => t.Authority).HasMaxLength(SyslogTarget.AuthorityLength);
        });
    }
}

internal sealed class SyslogProgressMapping : IEntityTypeConfiguration<SyslogProgress>
{
    public void Configure(EntityTypeBuilder<SyslogProgress> builder)
    {
        builder.ToTable("SyslogProgress");
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Problem).HasMaxLength(60);
    }
}

internal sealed class HouseKeyMapping : IEntityTypeConfiguration<HouseKey>
{
    public void Configure(EntityTypeBuilder<HouseKey> builder)
    {
        builder.ToTable("HouseKeys");
        builder.HasKey(k => k.Name);
    }
}
