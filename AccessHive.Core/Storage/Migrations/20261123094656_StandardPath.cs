using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AccessHive.Core.Storage.Migrations
{
    /// <inheritdoc />
    public partial class StandardPath : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ExtendedAt",
                table: "Sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Extension",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Terms_Approvals",
                table: "Requests",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<long>(
                name: "Terms_Extension",
                table: "Requests",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "Terms_Senior",
                table: "Requests",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "TurnedInto",
                table: "Requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ApprovalPolicies",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    EditedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EditedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    Rules_CheckoutDuration = table.Column<long>(type: "INTEGER", nullable: false),
                    Rules_Extension = table.Column<long>(type: "INTEGER", nullable: false),
                    Rules_Mode = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Rules_SharedNeedApproval = table.Column<bool>(type: "INTEGER", nullable: false),
                    Rules_Window = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApprovalPolicies", x => x.Id);
                    table.CheckConstraint("CK_Approval_Checkout", "\"Rules_CheckoutDuration\" BETWEEN 9000000000 AND 864000000000");
                    table.CheckConstraint("CK_Approval_Extension", "\"Rules_Extension\" = 0 OR \"Rules_Extension\" BETWEEN 9000000000 AND 864000000000");
                    table.CheckConstraint("CK_Approval_Window", "\"Rules_Window\" BETWEEN 36000000000 AND 6048000000000");
                });

            migrationBuilder.CreateTable(
                name: "Approvals",
                columns: table => new
                {
                    RequestId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Comment = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Approvals", x => new { x.RequestId, x.PersonId });
                    table.ForeignKey(
                        name: "FK_Approvals_Requests_RequestId",
                        column: x => x.RequestId,
                        principalTable: "Requests",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ApproverLists",
                columns: table => new
                {
                    Scope = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false, collation: "NOCASE"),
                    Everybody = table.Column<bool>(type: "INTEGER", nullable: false),
                    People = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApproverLists", x => new { x.Scope, x.Key });
                });

            migrationBuilder.Sql(GuardRails.StandardPath);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ApprovalPolicies");

            migrationBuilder.DropTable(
                name: "Approvals");

            migrationBuilder.DropTable(
                name: "ApproverLists");

            migrationBuilder.DropColumn(
                name: "ExtendedAt",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "Extension",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "Terms_Approvals",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "Terms_Extension",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "Terms_Senior",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "TurnedInto",
                table: "Requests");
        }
    }
}
