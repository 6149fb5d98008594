using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AccessHive.Core.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TrailTree : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "TrailCheckpoints",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    Note = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailCheckpoints", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TrailKeys",
                columns: table => new
                {
                    Epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    PublicKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Certificate = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SealedPrivate = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailKeys", x => x.Epoch);
                });

            migrationBuilder.CreateTable(
                name: "TrailNodes",
                columns: table => new
                {
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    Idx = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailNodes", x => new { x.Level, x.Idx });
                });

            migrationBuilder.CreateTable(
                name: "TrailPurges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    First = table.Column<long>(type: "INTEGER", nullable: false),
                    AskedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Root = table.Column<byte[]>(type: "BLOB", nullable: false),
                    File = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Sha256 = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailPurges", x => x.Id);
                    table.CheckConstraint("CK_TrailPurge_Order", "\"DoneAt\" IS NULL OR (\"ConfirmedAt\" IS NOT NULL AND \"ConfirmedBy\" IS NOT NULL AND \"WithdrawnAt\" IS NULL)");
                    table.CheckConstraint("CK_TrailPurge_Step", "\"Until\" > 0 AND \"Until\" % 256 = 0");
                    table.CheckConstraint("CK_TrailPurge_TwoPeople", "\"ConfirmedBy\" IS NULL OR \"ConfirmedBy\" <> \"AskedBy\"");
                });

            migrationBuilder.CreateTable(
                name: "TrailTree",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Frontier = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Origin = table.Column<string>(type: "TEXT", nullable: false),
                    WordsToSweep = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailTree", x => x.Id);
                    table.CheckConstraint("CK_TrailTree_One", "\"Id\" = 1");
                });

            migrationBuilder.CreateIndex(
                name: "IX_TrailCheckpoints_Size",
                table: "TrailCheckpoints",
                column: "Size");

            migrationBuilder.Sql(TrailRails.Version1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "TrailCheckpoints");

            migrationBuilder.DropTable(
                name: "TrailKeys");

            migrationBuilder.DropTable(
                name: "TrailNodes");

            migrationBuilder.DropTable(
                name: "TrailPurges");

            migrationBuilder.DropTable(
                name: "TrailTree");
        }
    }
}
