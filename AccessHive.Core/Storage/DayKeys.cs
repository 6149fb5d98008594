using System.Security.Cryptography;
using AccessHive.Core.Audit;
using AccessHive.Core.Vault;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NSec.Cryptography;

namespace AccessHive.Core.Storage;

/// <summary>The day's key with its private half, which is dropped when this is disposed.</summary>
internal sealed class DayKey(NoteKey name, Key secret, int epoch, bool isNew) : IDisposable
{
    /// <summary>Days since 1970-01-01, UTC.</summary>
    public int Epoch => epoch;

    /// <summary>Whether it was made just now, and the one before erased.</summary>
    public bool IsNew => isNew;

    /// <summary>Signs a text.</summary>
    public byte[] Sign(string text) => SignedNote.Sign(text, name, secret).ToBytes();

    /// <inheritdoc/>
    public void Dispose() => secret.Dispose();
}

/// <summary>
/// One Ed25519 key a day. The key before signs the name of the new one; then its private half is erased, in the same
/// transaction. Whoever takes the machine today can sign no checkpoint of yesterday.
/// </summary>
internal static class DayKeys
{
    /// <summary>The day of an instant.</summary>
    public static int EpochOf(Instant at) => (int)(at.ToUnixTimeSeconds() / (24 * 60 * 60));

    /// <summary>When the day after this one begins.</summary>
    public static Instant EndOf(long epoch) => Instant.FromUnixTimeSeconds((epoch + 1) * 24 * 60 * 60);

    /// <summary>The key of the day of <paramref name="now"/>, made if it is not there; never an earlier one than the newest.</summary>
    /// <param name="db">Inside a transaction that holds the write lock; the caller saves.</param>
    /// <param name="seal">Seals private halves.</param>
    /// <param name="origin">The name of the trail.</param>
    /// <param name="now">The instant that is to be signed.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="CryptographicException">The private half of the newest key does not open or is gone.</exception>
    public static async Task<DayKey> TakeAsync(HiveContext db, HouseSeal seal, string origin, Instant now, CancellationToken cancellation)
    {
        var newest = await db.TrailKeys.AsNoTracking().OrderByDescending(k => k.Epoch).FirstOrDefaultAsync(cancellation);
        var today = EpochOf(now);
        if (newest is not null && newest.Epoch >= today)
            return Open(newest, seal, origin);

        var secret = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving });
        var certificate = KeyCertificate.For(origin, today, secret.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        var key = new DayKey(certificate.Key, secret, today, isNew: true);
        using var before = newest is null ? null : Open(newest, seal, origin);
        await db.TrailKeys.Where(k => k.SealedPrivate != null).ExecuteUpdateAsync(k => k.SetProperty(x => x.SealedPrivate, (byte[]?)null), cancellation);
        var plain = secret.Export(KeyBlobFormat.RawPrivateKey);
        db.TrailKeys.Add(new TrailKey
        {
            Epoch = today,
            PublicKey = certificate.Key.PublicKey.ToArray(),
            Certificate = (before ?? key).Sign(certificate.Text),
            SealedPrivate = seal.Seal(HousePurpose.TrailKey, plain),
        });
        CryptographicOperations.ZeroMemory(plain);
        return key;
    }

    /// <summary>The newest key as it is, whatever day it is now; null when there is none yet.</summary>
    public static async Task<DayKey?> NewestAsync(HiveContext db, HouseSeal seal, string origin, CancellationToken cancellation)
        => await db.TrailKeys.AsNoTracking().OrderByDescending(k => k.Epoch).FirstOrDefaultAsync(cancellation) is { } newest ? Open(newest, seal, origin) : null;

    private static DayKey Open(TrailKey row, HouseSeal seal, string origin)
    {
        var plain = seal.Open(HousePurpose.TrailKey, row.SealedPrivate ?? throw new CryptographicException("The private half of the newest key is gone."));
        try
        {
            var secret = Key.Import(SignatureAlgorithm.Ed25519, plain, KeyBlobFormat.RawPrivateKey);
            return new DayKey(KeyCertificate.For(origin, (int)row.Epoch, row.PublicKey).Key, secret, (int)row.Epoch, isNew: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
