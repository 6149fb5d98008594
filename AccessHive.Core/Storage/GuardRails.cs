namespace AccessHive.Core.Storage;

/// <summary>
/// What the database itself refuses, whoever asks: a trail entry changed or removed, a finished request or session
/// touched again. A guard rail, not the proof. Also the word index of the trail. Each text is part of one migration; a change is a
/// new migration with its own.
/// </summary>
internal static class GuardRails
{
    public const string Version1 = """
        CREATE TRIGGER TR_Trail_NoUpdate BEFORE UPDATE ON "Trail" BEGIN SELECT RAISE(ABORT, 'The trail is append-only.'); END;
        CREATE TRIGGER TR_Trail_NoDelete BEFORE DELETE ON "Trail" BEGIN SELECT RAISE(ABORT, 'The trail is append-only.'); END;
        CREATE TRIGGER TR_Requests_Final BEFORE UPDATE ON "Requests" WHEN OLD."State" <> 'Pending' BEGIN SELECT RAISE(ABORT, 'A decided request is final.'); END;
        CREATE TRIGGER TR_Requests_NoDelete BEFORE DELETE ON "Requests" BEGIN SELECT RAISE(ABORT, 'Requests are kept.'); END;
        CREATE TRIGGER TR_Sessions_Final BEFORE UPDATE ON "Sessions" WHEN OLD."EndedAt" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'An ended session is final.'); END;
        CREATE TRIGGER TR_Sessions_NoDelete BEFORE DELETE ON "Sessions" BEGIN SELECT RAISE(ABORT, 'Sessions are kept.'); END;
        CREATE VIRTUAL TABLE "TrailWords" USING fts5(words, marks, content='', contentless_delete=1, detail=column, tokenize='unicode61 remove_diacritics 2');
        """;

    /// <summary>Sealed secrets are found by credential, field and version; the ones that are there are main secrets.</summary>
    public const string SecretsByField = """
        CREATE TABLE "SecretsByField" (
            "CredentialId" TEXT NOT NULL,
            "Field" TEXT NOT NULL,
            "Version" INTEGER NOT NULL,
            "Format" INTEGER NOT NULL,
            "IdentityId" TEXT NOT NULL,
            "KeyId" TEXT NOT NULL,
            "WrappedKey" BLOB NOT NULL,
            "Ciphertext" BLOB NOT NULL,
            "SealedAt" INTEGER NOT NULL,
            "SealedBy" TEXT NULL,
            CONSTRAINT "PK_Secrets" PRIMARY KEY ("CredentialId", "Field", "Version"),
            CONSTRAINT "FK_Secrets_Credentials_CredentialId" FOREIGN KEY ("CredentialId") REFERENCES "Credentials" ("Id") ON DELETE RESTRICT
        );
        INSERT INTO "SecretsByField" SELECT "CredentialId", 'Secret', "Version", "Format", "IdentityId", "KeyId", "WrappedKey", "Ciphertext", "SealedAt", "SealedBy" FROM "Secrets";
        DROP TABLE "Secrets";
        ALTER TABLE "SecretsByField" RENAME TO "Secrets";
        """;

    /// <summary>An agency that was founded before it had a standard path gets its defaults; versions count on from where they are.</summary>
    public const string StandardPath = """
        UPDATE "Credentials" SET "LastVersion" = "CurrentVersion";
        INSERT INTO "ApprovalPolicies"("Id", "Revision", "Rules_CheckoutDuration", "Rules_Extension", "Rules_Mode", "Rules_SharedNeedApproval", "Rules_Window", "Version")
            SELECT 1, 1, 144000000000, 72000000000, 'Single', 1, 864000000000, 0 FROM "EmergencyPolicies";
        INSERT INTO "ApproverLists"("Scope", "Key", "Everybody", "People", "Version") SELECT 0, '', 1, '[]', 0 FROM "EmergencyPolicies";
        """;

    /// <summary>Part of the migration that brings rotations: what is over stays as it is.</summary>
    public const string Rotations = """
        CREATE TRIGGER TR_Rotations_Final BEFORE UPDATE ON "Rotations" WHEN OLD."ClosedAt" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'A closed rotation is final.'); END;
        CREATE TRIGGER TR_Rotations_NoDelete BEFORE DELETE ON "Rotations" BEGIN SELECT RAISE(ABORT, 'Rotations are kept.'); END;
        """;
}
