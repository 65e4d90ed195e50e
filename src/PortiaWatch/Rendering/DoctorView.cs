using System.Text.Json;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>One check a line: ok, limited or broken, what, why, and how to mend it.</summary>
internal static class DoctorView
{
    private const int NarrowBelow = 80;

    public static void Show(Terminal terminal, PlatformCheck check)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json => Write(json, check));
            return;
        }

        terminal.Answers.Write(new Text($"{Word(check.State),-8}", new Style(ColorOf(check.State), decoration: Decoration.Bold)));

        // On a narrow screen the sentence goes below the name, with room for itself.
        bool isNarrow = terminal.Answers.Profile.Width < NarrowBelow;
        HangingText.Write(terminal.Answers, isNarrow ? check.Name : $"{check.Name,-24}", new Style(Color.Default), isNarrow ? "" : PlainText.Clean(check.Sentence, 600));
        string indent = new(' ', isNarrow ? 8 : 32);
        if (isNarrow)
            HangingText.Write(terminal.Answers, indent, null, PlainText.Clean(check.Sentence, 600));
        if (check.Mend is { } mend)
            HangingText.Write(terminal.Answers, $"{indent}mend: ", new Style(Color.Grey), PlainText.Clean(mend, 300), new Style(Color.Grey));
    }

    private static void Write(Utf8JsonWriter json, PlatformCheck check)
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.check/1");
        json.WriteString("name", check.Name);
        json.WriteString("state", Word(check.State));
        json.WriteString("sentence", check.Sentence);
        json.WriteString("mend", check.Mend);
        json.WriteEndObject();
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Works => "ok",
        CheckState.Limited => "limited",
        _ => "broken",
    };

    private static Color ColorOf(CheckState state) => state switch
    {
        CheckState.Works => Color.Green,
        CheckState.Limited => Color.Yellow,
        _ => Color.Red,
    };
}
