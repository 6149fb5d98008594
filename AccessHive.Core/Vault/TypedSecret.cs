using System.Text.Json;
using AccessHive.Core.Kernel;

namespace AccessHive.Core.Vault;

/// <summary>What somebody typed or a file brought, made into what is sealed. One place for typing and for importing.</summary>
public static class TypedSecret
{
    /// <summary>Checks a main secret.</summary>
    /// <param name="type">What kind of credential it is for.</param>
    /// <param name="typed">The bytes, which stay as they are.</param>
    /// <param name="file">The name of the file they came from; empty, if they were typed.</param>
    /// <returns>Nothing when it can be kept; or <c>secret-missing</c>, <c>key-file-not-json</c>.</returns>
    public static Refusal? Check(CredentialType type, ReadOnlySpan<byte> typed, string file = "")
    {
        if (typed.Length is 0 or > Credential.SecretLength)
            return VaultRefusals.SecretMissing;
        if (type != CredentialType.KeyFile)
            return null;
        // A key that was pasted without its last line looks right, and opens nothing.
        var isJson = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || typed.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        return isJson && !IsJson(typed) ? VaultRefusals.KeyFileNotJson : null;
    }

    /// <summary>Makes what is sealed of a field beside the main secret.</summary>
    /// <returns>The bytes – the caller zeroes them – and how many recovery codes they are; or <c>secret-missing</c>, <c>one-time-seed-not-usable</c>, <c>recovery-codes-missing</c>, <c>field-not-kept</c>.</returns>
    public static Result<(byte[] Kept, int Count)> Read(FieldKind field, ReadOnlySpan<byte> typed)
    {
        if (typed.Length is 0 or > Credential.SecretLength)
            return VaultRefusals.SecretMissing;
        switch (field)
        {
            case FieldKind.TotpSeed:
                var read = OneTimeSeed.Read(typed);
                if (read.IsRefused)
                    return read.Refusal;
                using (read.Value)
                    return (read.Value.Write(), 0);
            case FieldKind.RecoveryCodes:
                return RecoveryCodes.Read(typed);
            case FieldKind.ConnectorKey:
                return (typed.ToArray(), 0);
            default:
                return VaultRefusals.FieldNotKept;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = false });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
            {
                // To the end, and nothing after it.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
