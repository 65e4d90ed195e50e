namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Tells a line that talks about the error from one that reports it: source code, stack frames, comments, commit subjects, change logs, test names, access logs, shell
/// commands.
/// </summary>
internal static class Quotation
{
    private static readonly PhraseSet Code = new(
        [
            "=== '", "=== \"", "==='", "===\"", "== '", "== \"", "=='", "==\"", "!= '", "!== '", "!= \"", "!== \"", "== errno", "==errno", "== e.", "!= errno", "=== e", "=> {", "if (", "} catch", "catch (", "case '", "case \"",
            "case syscall", "throw new", "throw err", "errors.is(", "except oserror", "except socket", "#define ", "#include", "expect(", "assert.", "assert(", "assert_", "rescue errno", "rescue =>", "rescue e", "std::errc::", "errorkind::",
            "io.errorkind", "match err", "== syscall", "return err", ".includes(", ".indexof(", ".contains(", ".match(", ".test(", "strings.contains", "console.log(", "console.error(", "console.warn(", "print(", "printf(", "printf \"",
            "logger.error(", "log.error(", "fmt.", "raise ", "function ", "def ", "func ", "const ", "import ", "pub fn", "elif ", "else if", "while (", "public static", "private ", "-eq 98", "syscall.eaddrinuse", "errno.eaddrinuse", "os.errno", "&& e.", "|| e.",
            "err.code ==", "error.code ==", ".errno ==", ".number ==", "xs:", "grep ", "searching for", "filtering the log data", "ripgrep", "journalctl ", "strace ", "git commit", "git log", "man 2", "lsof -i :$", "curl http",
        ]);

    private static readonly PhraseSet Request = new(["\"get /", "\"post /", "\"head /", "\"put /", "get /search", "] get /", " get /docs", "http/1.1\" ", "http/2.0\" ", "http/1.0\" "]);

    private static readonly PhraseSet Teaching = new(
        [
            "this error ", "this means", "means that", "means the", "means another", "occurs when", "occurs if", "happens when", "happens if", "indicates that", "is raised when", "is thrown when", "thrown if", "raised if", "returned when", "returned if", "how to ", "troubleshoot",
            "if you see", "if you get", "you may see", "you might see", "you will see", "you'll see", "you will get", "you'll get", "when you see", "when you get", "a common error", "common error", "common cause", "stack overflow", "stackoverflow", "faq",
            "changelog", "release notes", "pull request", "merge branch", "merge pr", "to fix this", "known issue", "workaround for", "so_reuseaddr", "so_reuseport", "errors like", "error like", "no longer fail", "no longer crash", "instead of crashing", "handling of", "handling for",
            "npm warn deprecated", "errors such", "eaddrinuse errors", "eaddrinuse handling", "the eaddrinuse", "eaddrinuse is ", "eaddrinuse means", "like eaddrinuse", "avoid eaddrinuse",
        ]);

    // First words of commit subjects and change log entries.
    private static readonly HashSet<string> Subjects = new(
        [
            "fix", "fixes", "fixed", "fixing", "feat", "feature", "chore", "docs", "doc", "refactor", "refactored", "revert", "reverts", "merge", "merged", "handle", "handles", "handled", "avoid", "avoids", "prevent", "prevents", "ignore", "ignores", "improve",
            "improved", "improves", "add", "adds", "added", "support", "closes", "closed", "resolves", "bump", "detect", "allow", "document", "workaround", "remove", "removed", "update", "updated", "issue", "pr", "perf", "style", "build", "ci", "bugfix", "hotfix",
            "todo", "fixme", "note", "tip", "hint", "q", "a", "question", "answer", "why", "how", "what", "test", "tests", "describe", "it", "should", "when", "commit", "subject", "re", "fwd", "title", "tweet", "wip", "change", "changed", "print", "show", "raise", "catch", "better", "make", "made",
        ]);

    /// <summary>True when nothing in this line reports an event of its own.</summary>
    public static bool IsQuoted(Line line)
    {
        var lower = line.Lower.AsSpan();
        return IsFrame(lower) || IsComment(line, lower) || IsTestResult(lower) || Code.IsIn(lower) || Request.IsIn(lower) || IsSubject(line);
    }

    /// <summary>True when the sentence explains the error, or one before it does.</summary>
    public static bool IsTaught(Line line, Evidence evidence)
    {
        var sentence = line.SentenceAt(evidence.Start);
        var end = evidence.End;
        for (var i = line.WordAt(end); i < line.Words.Length && line.Words[i].Sentence == sentence; i++)
            end = line.Words[i].End;
        // Without an endpoint there is nothing that the explanation could be a footnote to.
        if (!line.Mentions.Any(mention => mention.IsTarget))
            end = line.Lower.Length;
        return Teaching.IsIn(line.Lower.AsSpan(0, Math.Max(end, evidence.End)));
    }

    /// <summary>A line of a stack trace: it names places, never an error of its own.</summary>
    public static bool IsFrame(ReadOnlySpan<char> lower) =>
        lower.StartsWith("at ") && (lower.Contains('(') || lower.Contains(':') || lower.Contains('.')) || lower.StartsWith("file \"") && lower.Contains(", line ", StringComparison.Ordinal)
        || lower.StartsWith("from /") || lower.StartsWith("from (") || lower.StartsWith("from <") || lower.StartsWith("#") && lower.Length > 3 && char.IsAsciiDigit(lower[1]) && lower.Contains(" 0x", StringComparison.Ordinal);

    public static bool IsNegatedName(ReadOnlySpan<char> name) => name.StartsWith("is") || name.StartsWith("handle") || name.StartsWith("on") || name.StartsWith("test") || name.StartsWith("no_") || name.StartsWith("check");

    private static bool IsComment(Line line, ReadOnlySpan<char> lower) =>
        lower.StartsWith("//") || lower.StartsWith("/*") || lower.StartsWith("* ") && !line.HasAny(Sense.ErrorWord | Sense.Fail) || lower.StartsWith("# ") || lower.StartsWith("<!--") || lower.StartsWith("-- ") || lower.StartsWith("$ ") || lower.StartsWith("> ") || lower.StartsWith("## ")
        || lower.StartsWith("### ") || lower.StartsWith("+ ") || lower.StartsWith("+++") || lower.StartsWith("@@") || lower.StartsWith("| ") || lower.StartsWith(";; ") || lower.Contains(" // ", StringComparison.Ordinal) || lower.Contains(": // ", StringComparison.Ordinal)
        || lower.StartsWith("see http") || lower.StartsWith("```") || lower.StartsWith("++ ");

    private static bool IsTestResult(ReadOnlySpan<char> lower) =>
        lower.StartsWith("✓") || lower.StartsWith("✔") || lower.StartsWith("√") || lower.StartsWith("ok ") || lower.StartsWith("not ok ") || lower.StartsWith("pass") || lower.StartsWith("--- ") || lower.StartsWith("=== ")
        || lower.EndsWith("... ok") || lower.EndsWith("passed") || lower.EndsWith("... ignored") || lower.StartsWith("test ");

    private static bool IsSubject(Line line)
    {
        var words = line.Words;
        var first = 0;
        // "a1b2c3d fix: …", "#123 fix …", "- [x] Fixed …", "* 1a2b3c4 Merge …": the marker before the subject does not matter.
        // "[main 1a2b3c4] Fix …" is git's own report of a commit.
        var bracket = line.Text.StartsWith('[') ? line.WordAt(line.Text.IndexOf(']', StringComparison.Ordinal)) : 0;
        if (bracket > 1 && line[words[bracket - 1]].Length >= 7 && IsHash(line[words[bracket - 1]]))
            first = bracket;
        var limit = first + 3;
        while (first < words.Length && first < limit && (IsHash(line[words[first]]) || line[words[first]] is "x" or "pick" or "reword" or "squash"))
            first++;
        if (first >= words.Length)
            return false;
        var word = line[words[first]];
        if (!Subjects.Contains(word.ToString()))
            return false;
        // Bracketed or capitalised-with-colon labels are log levels ("[Note]", "NOTE:") and may introduce a real report.
        var isLabel = word is "note" or "hint" or "tip" or "issue" or "build" or "test" or "q" or "a" or "it";
        return !isLabel || line.Text.AsSpan(words[first].End).StartsWith("(", StringComparison.Ordinal);
    }

    private static bool IsHash(ReadOnlySpan<char> word)
    {
        if (word.Length is < 7 or > 40)
            return word.Length is > 0 and <= 6 && int.TryParse(word, out _);
        foreach (var c in word)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }

        return true;
    }
}
