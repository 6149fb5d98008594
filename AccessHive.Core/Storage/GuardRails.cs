namespace AccessHive.Core.Storage;

/// <summary>
/// What the database itself refuses, whoever asks: a trail entry changed or removed, a finished request or session
/// touched again. A guard rail, not the proof. Also the word index of the trail. Part of the first migration; a change
/// is a new migration with its own text.
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

    /// <summary>Part of the migration that brings rotations: what is over stays as it is.</summary>
    public const string Rotations = """
        CREATE TRIGGER TR_Rotations_Final BEFORE UPDATE ON "Rotations" WHEN OLD."ClosedAt" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'A closed rotation is final.'); END;
        CREATE TRIGGER TR_Rotations_NoDelete BEFORE DELETE ON "Rotations" BEGIN SELECT RAISE(ABORT, 'Rotations are kept.'); END;
        """;
}
