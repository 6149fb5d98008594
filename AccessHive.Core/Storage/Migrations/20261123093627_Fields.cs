using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AccessHive.Core.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Fields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand, inside the transaction: the rebuild that the tool would make is not, and a crash would leave half of it.
            migrationBuilder.Sql(GuardRails.SecretsByField);

            migrationBuilder.AddColumn<string>(
                name: "Risk",
                table: "Identities",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "Medium");

            migrationBuilder.AddColumn<bool>(
                name: "ExposedInEmergency",
                table: "Credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "ExposedSince",
                table: "Credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "LastVersion",
                table: "Credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Plan_After",
                table: "Credentials",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "EmergencySessions");

            migrationBuilder.AddColumn<string>(
                name: "Plan_Connector",
                table: "Credentials",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "Manual");

            migrationBuilder.AddColumn<string>(
                name: "Plan_Database",
                table: "Credentials",
                type: "TEXT",
                maxLength: 128,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Plan_Encryption",
                table: "Credentials",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "Verified");

            migrationBuilder.AddColumn<string>(
                name: "Plan_Host",
                table: "Credentials",
                type: "TEXT",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Plan_HostKey",
                table: "Credentials",
                type: "TEXT",
                maxLength: 200,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Plan_Instructions",
                table: "Credentials",
                type: "TEXT",
                maxLength: 2000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Plan_Port",
                table: "Credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Plan_Shape_Length",
                table: "Credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: 24);

            migrationBuilder.AddColumn<string>(
                name: "Plan_Shape_Symbols",
                table: "Credentials",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "-_.+=");

            migrationBuilder.AddColumn<string>(
                name: "Type",
                table: "Credentials",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "Password");

            migrationBuilder.AddColumn<long>(
                name: "VerifiedAt",
                table: "Credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "VerifiedVersion",
                table: "Credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "CredentialFields",
                columns: table => new
                {
                    CredentialId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    CurrentVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    LastVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Total = table.Column<int>(type: "INTEGER", nullable: false),
                    Left = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CredentialFields", x => new { x.CredentialId, x.Kind });
                    table.ForeignKey(
                        name: "FK_CredentialFields_Credentials_CredentialId",
                        column: x => x.CredentialId,
                        principalTable: "Credentials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Exposures",
                columns: table => new
                {
                    CredentialId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    InEmergency = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Exposures", x => new { x.CredentialId, x.Version, x.PersonId });
                    table.ForeignKey(
                        name: "FK_Exposures_Credentials_CredentialId",
                        column: x => x.CredentialId,
                        principalTable: "Credentials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Credentials_Exposed",
                table: "Credentials",
                column: "ExposedSince",
                filter: "\"ExposedSince\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Exposures_PersonId",
                table: "Exposures",
                column: "PersonId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CredentialFields");

            migrationBuilder.DropTable(
                name: "Exposures");

            migrationBuilder.DropPrimaryKey(
                name: "PK_Secrets",
                table: "Secrets");

            migrationBuilder.DropIndex(
                name: "IX_Credentials_Exposed",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Field",
                table: "Secrets");

            migrationBuilder.DropColumn(
                name: "Risk",
                table: "Identities");

            migrationBuilder.DropColumn(
                name: "ExposedInEmergency",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "ExposedSince",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "LastVersion",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_After",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Connector",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Database",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Encryption",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Host",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_HostKey",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Instructions",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Port",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Shape_Length",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Plan_Shape_Symbols",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "Type",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "VerifiedAt",
                table: "Credentials");

            migrationBuilder.DropColumn(
                name: "VerifiedVersion",
                table: "Credentials");

            migrationBuilder.AddPrimaryKey(
                name: "PK_Secrets",
                table: "Secrets",
                columns: new[] { "CredentialId", "Version" });
        }
    }
}
