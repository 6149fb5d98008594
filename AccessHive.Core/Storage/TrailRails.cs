namespace AccessHive.Core.Storage;

/// <summary>What the database itself refuses of what proves the trail. Part of the migration that brings the tree.</summary>
internal static class TrailRails
{
    // An entry goes only between the confirmation and the end of a purge, and both happen in one transaction: no other
    // transaction ever sees such a row. A purge can't end while an entry of its prefix is left.
    public const string Version1 = """
        DROP TRIGGER TR_Trail_NoDelete;
        CREATE TRIGGER TR_Trail_NoDelete BEFORE DELETE ON "Trail"
            WHEN NOT EXISTS (SELECT 1 FROM "TrailPurges" WHERE "ConfirmedAt" IS NOT NULL AND "DoneAt" IS NULL AND "WithdrawnAt" IS NULL AND OLD."Seq" <= "Until")
            BEGIN SELECT RAISE(ABORT, 'The trail is append-only.'); END;
        CREATE TRIGGER TR_TrailTree_Grows BEFORE UPDATE ON "TrailTree" WHEN NEW."Size" < OLD."Size" OR NEW."Origin" <> OLD."Origin" BEGIN SELECT RAISE(ABORT, 'The tree only grows.'); END;
        CREATE TRIGGER TR_TrailTree_NoDelete BEFORE DELETE ON "TrailTree" BEGIN SELECT RAISE(ABORT, 'The tree is kept.'); END;
        CREATE TRIGGER TR_TrailNodes_NoUpdate BEFORE UPDATE ON "TrailNodes" BEGIN SELECT RAISE(ABORT, 'Subtrees are final.'); END;
        CREATE TRIGGER TR_TrailNodes_NoDelete BEFORE DELETE ON "TrailNodes" BEGIN SELECT RAISE(ABORT, 'Subtrees are kept.'); END;
        CREATE TRIGGER TR_TrailCheckpoints_NoUpdate BEFORE UPDATE ON "TrailCheckpoints" BEGIN SELECT RAISE(ABORT, 'Checkpoints are final.'); END;
        CREATE TRIGGER TR_TrailCheckpoints_NoDelete BEFORE DELETE ON "TrailCheckpoints" BEGIN SELECT RAISE(ABORT, 'Checkpoints are kept.'); END;
        CREATE TRIGGER TR_TrailKeys_Final BEFORE UPDATE ON "TrailKeys"
            WHEN NEW."Epoch" <> OLD."Epoch" OR NEW."PublicKey" <> OLD."PublicKey" OR NEW."Certificate" <> OLD."Certificate" OR (OLD."SealedPrivate" IS NULL AND NEW."SealedPrivate" IS NOT NULL)
            BEGIN SELECT RAISE(ABORT, 'Keys are final.'); END;
        CREATE TRIGGER TR_TrailKeys_NoDelete BEFORE DELETE ON "TrailKeys" BEGIN SELECT RAISE(ABORT, 'Keys are kept.'); END;
        CREATE TRIGGER TR_TrailPurges_Asked BEFORE INSERT ON "TrailPurges" WHEN NEW."ConfirmedBy" IS NOT NULL OR NEW."ConfirmedAt" IS NOT NULL OR NEW."DoneAt" IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'A purge is asked for first.'); END;
        CREATE TRIGGER TR_TrailPurges_Final BEFORE UPDATE ON "TrailPurges" WHEN OLD."DoneAt" IS NOT NULL OR OLD."WithdrawnAt" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'A finished purge is final.'); END;
        CREATE TRIGGER TR_TrailPurges_Whole BEFORE UPDATE ON "TrailPurges" WHEN NEW."DoneAt" IS NOT NULL AND EXISTS (SELECT 1 FROM "Trail" WHERE "Seq" <= NEW."Until")
            BEGIN SELECT RAISE(ABORT, 'A purge takes the whole prefix.'); END;
        CREATE UNIQUE INDEX UX_TrailPurges_OneOpen ON "TrailPurges" (("DoneAt" IS NULL)) WHERE "DoneAt" IS NULL AND "WithdrawnAt" IS NULL;
        CREATE TRIGGER TR_TrailPurges_NoDelete BEFORE DELETE ON "TrailPurges" BEGIN SELECT RAISE(ABORT, 'Purges are kept.'); END;
        """;

    /// <summary>The word index no longer merges by itself what a transaction deletes of it: <see cref="TrailSweep"/> does, in steps.</summary>
    public const string IndexIsSwept = "INSERT INTO \"TrailWords\"(\"TrailWords\", rank) VALUES ('deletemerge', 0)";

    /// <summary>Entries that are there were indexed without the marks of pairs; those to come are not.</summary>
    public const string PairsFromNowOn = "UPDATE \"TrailTree\" SET \"PairsFrom\" = \"Size\" + 1";
}
