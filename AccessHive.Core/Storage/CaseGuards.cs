namespace AccessHive.Core.Storage;

/// <summary>
/// What the database itself refuses about cases, whoever asks (ADR 0016): a case that closes with one gate open, a verdict
/// that is changed, anything that is taken away. Each text is part of one migration; a change is a new migration with its own.
/// </summary>
internal static class CaseGuards
{
    private const string GatesOpen = """
        NEW."ReviewedAt" IS NULL
        OR EXISTS (SELECT 1 FROM "CaseRequests" m JOIN "Requests" r ON r."Id" = m."RequestId"
            WHERE m."CaseId" = NEW."Id" AND r."State" = 'Pending' AND r."DecideBy" > NEW."ClosedAt")
        OR EXISTS (SELECT 1 FROM "CaseRequests" m JOIN "Sessions" s ON s."RequestId" = m."RequestId"
            WHERE m."CaseId" = NEW."Id" AND s."EndedAt" IS NULL AND s."EndsAt" > NEW."ClosedAt")
        OR EXISTS (SELECT 1 FROM "CaseRequests" m JOIN "Sessions" s ON s."RequestId" = m."RequestId" JOIN "Credentials" c ON c."Id" = s."CredentialId" JOIN "Identities" i ON i."Id" = c."IdentityId"
            WHERE m."CaseId" = NEW."Id" AND s."SeenVersion" >= c."VerifiedVersion"
                AND NOT (NEW."AccountClosedAt" IS NOT NULL AND (c."ArchivedAt" IS NOT NULL OR i."ArchivedAt" IS NOT NULL)))
        OR NOT EXISTS (SELECT 1 FROM "CaseReviews" v WHERE v."CaseId" = NEW."Id" AND v."Round" = NEW."Round" AND v."ReviewerId" = NEW."ReviewedBy")
        OR EXISTS (SELECT 1 FROM "CaseRequests" m JOIN "Requests" r ON r."Id" = m."RequestId"
            WHERE m."CaseId" = NEW."Id" AND (r."RequesterId" = NEW."ReviewedBy" OR r."DecidedBy" = NEW."ReviewedBy"))
        """;

    /// <summary>A case closes by an update that finds all three gates closed; closed, it changes only by being opened again.</summary>
    public const string Gates = $"""
        CREATE TRIGGER TR_Cases_BornOpen BEFORE INSERT ON "Cases" WHEN NEW."ClosedAt" IS NOT NULL OR NEW."ReviewedAt" IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'A case is opened open.'); END;
        CREATE TRIGGER TR_Cases_Gates BEFORE UPDATE ON "Cases" WHEN OLD."ClosedAt" IS NULL AND NEW."ClosedAt" IS NOT NULL AND ({GatesOpen})
            BEGIN SELECT RAISE(ABORT, 'A case closes with all three gates.'); END;
        CREATE TRIGGER TR_Cases_Closed BEFORE UPDATE ON "Cases" WHEN OLD."ClosedAt" IS NOT NULL
                AND (NEW."ClosedAt" IS NOT OLD."ClosedAt" OR NEW."ReviewedBy" IS NOT OLD."ReviewedBy" OR NEW."Verdict" IS NOT OLD."Verdict" OR NEW."Round" <> OLD."Round")
                AND NOT (NEW."ClosedAt" IS NULL AND NEW."ReviewedAt" IS NULL AND NEW."Verdict" IS NULL AND NEW."Round" = OLD."Round" + 1)
            BEGIN SELECT RAISE(ABORT, 'A closed case changes only by being opened again.'); END;
        CREATE TRIGGER TR_Cases_NoDelete BEFORE DELETE ON "Cases" BEGIN SELECT RAISE(ABORT, 'Cases are kept.'); END;
        CREATE TRIGGER TR_CaseRequests_Open BEFORE INSERT ON "CaseRequests" WHEN EXISTS (SELECT 1 FROM "Cases" c WHERE c."Id" = NEW."CaseId" AND c."ReviewedAt" IS NOT NULL)
            BEGIN SELECT RAISE(ABORT, 'What was judged is opened again before anything joins it.'); END;
        CREATE TRIGGER TR_CaseRequests_NoUpdate BEFORE UPDATE ON "CaseRequests" BEGIN SELECT RAISE(ABORT, 'A request stays in its case.'); END;
        CREATE TRIGGER TR_CaseRequests_NoDelete BEFORE DELETE ON "CaseRequests" BEGIN SELECT RAISE(ABORT, 'A request stays in its case.'); END;
        CREATE TRIGGER TR_CaseReviews_NoUpdate BEFORE UPDATE ON "CaseReviews" BEGIN SELECT RAISE(ABORT, 'A verdict stays as it was given.'); END;
        CREATE TRIGGER TR_CaseReviews_NoDelete BEFORE DELETE ON "CaseReviews" BEGIN SELECT RAISE(ABORT, 'A verdict stays as it was given.'); END;
        """;

    /// <summary>
    /// Which version was seen in the sessions that are there: entries of the trail say that the main secret left in them, what is known of
    /// its versions says which; where nothing does, it counts as replaced only if a rotation was verified since.
    /// </summary>
    public const string SeenBefore = """
        DROP TRIGGER TR_Sessions_Final;
        UPDATE "Sessions" SET "SeenVersion" = (
            SELECT COALESCE(
                (SELECT MAX(e."Version") FROM "Exposures" e WHERE e."CredentialId" = c."Id" AND e."PersonId" = "Sessions"."HolderId"
                    AND e."FirstAt" <= COALESCE("Sessions"."EndedAt", "Sessions"."EndsAt") AND e."LastAt" >= "Sessions"."StartedAt"),
                CASE WHEN c."VerifiedAt" >= COALESCE("Sessions"."EndedAt", "Sessions"."EndsAt") THEN c."VerifiedVersion" - 1 ELSE c."CurrentVersion" END)
            FROM "Credentials" c WHERE c."Id" = "Sessions"."CredentialId")
        WHERE "Reveals" > 0 AND "Id" IN (
            SELECT t."SessionId" FROM "Trail" t
            WHERE t."SessionId" IS NOT NULL AND t."Type" IN ('session.secret-revealed', 'session.secret-copied', 'session.secret-downloaded')
                AND COALESCE(json_extract(CAST(t."Payload" AS TEXT), '$.facts.field'), 'Secret') = 'Secret');
        CREATE TRIGGER TR_Sessions_Final BEFORE UPDATE ON "Sessions" WHEN OLD."EndedAt" IS NOT NULL BEGIN SELECT RAISE(ABORT, 'An ended session is final.'); END;
        """;
}
