namespace Fluxor.Exceptions;

/// <summary>Carries an exception that left an effect, and whether somebody took care of it.</summary>
public sealed class UnhandledExceptionEventArgs(Exception exception) : EventArgs
{
    /// <summary>What left the effect.</summary>
    public Exception Exception { get; } = exception;

    /// <summary>True once <see cref="Handled"/> was called: the renderer will not see it.</summary>
    public bool WasHandled { get; private set; }

    /// <summary>Keeps the exception from the renderer.</summary>
    public void Handled() => WasHandled = true;
}

/// <summary>The store could not be made ready; the cause is inside.</summary>
public sealed class StoreInitializationException(string message, Exception innerException) : Exception(message, innerException);
