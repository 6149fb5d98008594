namespace AccessHive.Core.Storage;

/// <summary>
/// One house, one process that changes it: the server, <c>rekey</c> or <c>restore</c>. Held for the life of the process; the
/// system lets go of it when that ends, however it ends, so the file that stays behind means nothing.
/// </summary>
public sealed class HouseLock : IDisposable
{
    private readonly FileStream held;

    private HouseLock(FileStream held) => this.held = held;

    /// <summary>Takes the house, and makes its folder on the very first start.</summary>
    /// <exception cref="CannotStartException">Somebody else holds it, or the folder can't be written.</exception>
    public static HouseLock Take(HousePaths paths)
    {
        try
        {
            OwnerOnly.MakeFolder(paths.DataFolder);
            return new HouseLock(OwnerOnly.Open(paths.Lock, FileMode.OpenOrCreate));
        }
        catch (IOException) when (File.Exists(paths.Lock))
        {
            throw new CannotStartException($"Another AccessHive is at work in {paths.DataFolder}: stop it first, or choose another folder with --data FOLDER.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {paths.DataFolder} can't be written: choose another with --data FOLDER, or change its owner.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}
