using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AccessHive.Core.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Weeks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Terms_BecauseOverdue",
                table: "Requests",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Rules_BlockWhileOverdue",
                table: "EmergencyPolicies",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "EditedAt",
                table: "Agency",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "EditedBy",
                table: "Agency",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "FoundedAt",
                table: "Agency",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Hours",
                table: "Agency",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'09:00-18:00,09:00-18:00,09:00-18:00,09:00-18:00,09:00-18:00,-,-'");

            migrationBuilder.AddColumn<int>(
                name: "ReviewDay",
                table: "Agency",
                type: "INTEGER",
                nullable: false,
                defaultValueSql: "1");

            migrationBuilder.AddColumn<long>(
                name: "ReviewDue",
                table: "Agency",
                type: "INTEGER",
                nullable: false,
                defaultValueSql: "2592000000000");

            migrationBuilder.AddColumn<int>(
                name: "ReviewTime",
                table: "Agency",
                type: "INTEGER",
                nullable: false,
                defaultValueSql: "540");

            migrationBuilder.AddColumn<int>(
                name: "Revision",
                table: "Agency",
                type: "INTEGER",
                nullable: false,
                defaultValueSql: "1");

            migrationBuilder.CreateTable(
                name: "ReviewBlockLifts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    LiftedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    LiftedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReviewBlockLifts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WeekAttestations",
                columns: table => new
                {
                    Week = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    AttestedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AttestedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Emergencies = table.Column<int>(type: "INTEGER", nullable: false),
                    Unreviewed = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeekAttestations", x => x.Week);
                    table.CheckConstraint("CK_Week_Order", "\"Until\" >= \"From\" AND \"AttestedAt\" >= \"Until\"");
                });

            migrationBuilder.CreateTable(
                name: "WeekReminders",
                columns: table => new
                {
                    Week = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Day = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WeekReminders", x => new { x.Week, x.Day });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Requests_Emergencies",
                table: "Requests",
                column: "RaisedAt",
                filter: "\"Kind\" = 'Emergency'");

            migrationBuilder.CreateIndex(
                name: "IX_ReviewBlockLifts_Until",
                table: "ReviewBlockLifts",
                column: "Until");

            migrationBuilder.CreateIndex(
                name: "UX_WeekReminders_OneADay",
                table: "WeekReminders",
                column: "Day",
                unique: true);

            migrationBuilder.Sql(WeekGuards.Version1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ReviewBlockLifts");

            migrationBuilder.DropTable(
                name: "WeekAttestations");

            migrationBuilder.DropTable(
                name: "WeekReminders");

            migrationBuilder.DropIndex(
                name: "IX_Requests_Emergencies",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "Terms_BecauseOverdue",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "Rules_BlockWhileOverdue",
                table: "EmergencyPolicies");

            migrationBuilder.DropColumn(
                name: "EditedAt",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "EditedBy",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "FoundedAt",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "Hours",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "ReviewDay",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "ReviewDue",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "ReviewTime",
                table: "Agency");

            migrationBuilder.DropColumn(
                name: "Revision",
                table: "Agency");
        }
    }
}
