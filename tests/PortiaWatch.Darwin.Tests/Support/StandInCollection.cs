namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>One world, one test at a time.</summary>
[CollectionDefinition(World.Collection)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "xunit's word for it.")]
public sealed class StandInCollection;
