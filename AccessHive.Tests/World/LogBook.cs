using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AccessHive.Tests.World;

/// <summary>Everything the product logs, as text: what a canary is looked for in, and what a fault is found by.</summary>
public sealed class LogBook : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> lines = [];
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<LogLine> Lines => lines;

    /// <summary>What went wrong in a way the product did not expect; a query that EF warns of is wrong too.</summary>
    public IEnumerable<LogLine> Faults => lines.Where(l => l.Level >= LogLevel.Error || (l.Level == LogLevel.Warning && l.Category == "Microsoft.EntityFrameworkCore.Query"));

    public ILogger CreateLogger(string categoryName) => new Pen(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() => lines.Clear();

    private sealed class Pen(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => book.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        // The sentence alone would hide what a structured sink keeps beside it: the values, the scopes, the exception.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            List<string> parts = [formatter(state, exception)];
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                parts.AddRange(values.Select(v => $"{v.Key}={v.Value}"));
            book.scopes.ForEachScope((scope, all) => all.Add($"{scope}"), parts);
            if (exception is not null)
                parts.Add(exception.ToString());
            book.lines.Enqueue(new LogLine(logLevel, category, string.Join(" | ", parts)));
        }
    }
}

/// <summary>One line of the log.</summary>
public sealed record LogLine(LogLevel Level, string Category, string Text);
