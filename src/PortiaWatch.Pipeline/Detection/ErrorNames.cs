namespace PortiaWatch.Pipeline.Detection;

/// <summary>Finds the error by its name: the macro of C, the variants of Rust, Go, Zig and Swift, exception types of .NET, Ruby and Java, Chromium's net error.</summary>
internal static class ErrorNames
{
    private static readonly PhraseSet Names = new(
        [
            "addrinuse", "addr_in_use", "addressinuse", "address_in_use", "addressalreadyinuse", "address_already_in_use", "addralreadyinuse", "portinuse", "port_in_use", "portalreadyinuse",
            "port_already_in_use", "portalreadyallocated", "port_already_allocated", "port-in-use", "address-in-use", "addr-in-use", "porttaken", "port_taken", "address-already-in-use",
        ]);

    public static void Read(Line line, List<Evidence> into)
    {
        var lower = line.Lower;
        for (var at = 0; at < lower.Length;)
        {
            var found = Names.IndexIn(lower.AsSpan(at));
            if (found < 0)
                return;
            var start = at + found;
            var end = start;
            while (start > 0 && IsIdentifier(lower[start - 1]))
                start--;
            while (end < lower.Length && (IsIdentifier(lower[end]) || lower[end] == '-' && end + 1 < lower.Length && char.IsAsciiLetter(lower[end + 1])))
                end++;
            if (!IsInsidePath(lower, start, end) && !IsCode(lower, end) && !Quotation.IsNegatedName(lower.AsSpan(start, end - start)))
                into.Add(new Evidence(EvidenceKind.ErrorName, start, end));
            at = end;
        }
    }

    private static bool IsIdentifier(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    // "handleAddrInUse(" is a function, "portInUse is not a function" a mistake about one, "port-in-use@1.0.0" a package.
    private static bool IsCode(string lower, int end) => lower.AsSpan(end).StartsWith("@") || lower.AsSpan(end).StartsWith(" is not a function") || lower.AsSpan(end).StartsWith(" is not defined")
        || end < lower.Length && lower[end] == '(' && !lower.AsSpan(end).StartsWith("(2)") && !lower.AsSpan(end).StartsWith("(98") && !lower.AsSpan(end).StartsWith("(48");

    // A page, a file or a query about the error: "/docs/eaddrinuse.md", "?q=eaddrinuse".
    private static bool IsInsidePath(string lower, int start, int end)
    {
        var from = start;
        while (from > 0 && !char.IsWhiteSpace(lower[from - 1]) && lower[from - 1] is not ('"' or '(' or '\'' or '{' or '['))
            from--;
        var to = end;
        while (to < lower.Length && !char.IsWhiteSpace(lower[to]))
            to++;
        var token = lower.AsSpan(from, to - from);
        var head = token[..(start - from)];
        return head.Contains('/') && !head.Contains("):", StringComparison.Ordinal) || head.Contains('?') || head.Contains("-listen-", StringComparison.Ordinal)
            || HostReader.HasFileExtension(token.TrimEnd(".,:;)\"'").ToString()) && !token.Contains(':');
    }
}
