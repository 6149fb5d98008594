using System.Globalization;
using System.Text;
using AccessHive.Core.Vault;
using CsCheck;
using CsvHelper;
using CsvHelper.Configuration;
using Xunit;

namespace AccessHive.Tests.Vault;

public sealed class CsvRowsTests
{
    [Fact]
    public void Lines_are_counted_as_an_editor_counts_them_also_inside_quotation_marks()
    {
        var rows = Read("name,secret\r\n\"a\nb\r\nc\",x\n\n\r\nd,\"\"\"q\"\"\"\re,\n");

        Assert.Equal([(1, "name|secret"), (2, "a\nb\r\nc|x"), (7, "d|\"q\""), (8, "e|")], rows);
    }

    [Theory]
    [InlineData("a,\"open\nb,c\n", CsvFault.QuoteOpen, 1)]
    [InlineData("a,\"closed\" x,c\nb,c\n", CsvFault.TextAfterQuote, 1)]
    [InlineData("a,\"closed\"  ,c\n", CsvFault.None, 1)]
    [InlineData("a,b\"c\"d\n", CsvFault.None, 1)]
    public void What_is_written_wrong_is_known_by_its_line(string text, CsvFault fault, int line)
    {
        var rows = new CsvRows(Encoding.UTF8.GetBytes(text), (byte)',');

        Assert.True(rows.Next());
        Assert.Equal((fault, line), (rows.Fault, rows.Line));
    }

    [Fact]
    public void A_length_is_counted_in_characters_and_not_in_bytes()
    {
        var rows = new CsvRows("äöü𝄞,\"a\"\"b\"\n"u8.ToArray(), (byte)',');
        rows.Next();

        Assert.Equal((4, 3, 0), (rows.Characters(0), rows.Characters(1), rows.Characters(2)));
        Assert.Equal("a\"b"u8.ToArray(), rows.AsBytes(1));
    }

    [Fact]
    public void Whatever_a_writer_wrote_is_read_as_it_was()
        => Gen.Select(Gen.String[Gen.Char["ab,;\"\n\r äö='+@"], 0, 8].Array[1, 5].Array[1, 8], Gen.Int[0, 3].Select(i => new[] { ",", ";", "\t", "|" }[i]), Gen.Bool.Select(crlf => crlf ? "\r\n" : "\n"))
            .Sample((rows, separator, newLine) =>
            {
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = separator, NewLine = newLine, ShouldQuote = _ => true }))
                {
                    foreach (var row in rows)
                    {
                        foreach (var cell in row)
                            csv.WriteField(cell);
                        csv.NextRecord();
                    }
                }

                var read = new CsvRows(Encoding.UTF8.GetBytes(text.ToString()), (byte)separator[0]);
                foreach (var row in rows)
                {
                    Assert.True(read.Next());
                    Assert.Equal(CsvFault.None, read.Fault);
                    Assert.Equal(row, Enumerable.Range(0, read.Count).Select(read.AsText));
                    Assert.Equal(row.Select(c => c.EnumerateRunes().Count()), Enumerable.Range(0, read.Count).Select(read.Characters));
                }

                Assert.False(read.Next());
            }, iter: 2000);

    private static List<(int Line, string Cells)> Read(string text)
    {
        var rows = new CsvRows(Encoding.UTF8.GetBytes(text), (byte)',');
        List<(int, string)> read = [];
        while (rows.Next())
            read.Add((rows.Line, string.Join('|', Enumerable.Range(0, rows.Count).Select(rows.AsText))));
        return read;
    }
}
