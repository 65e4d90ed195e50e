namespace PortiaWatch.Tests.Attacks;

/// <summary>All attacks are counted together.</summary>
[CollectionDefinition(Name)]
public sealed class AttackSuite : ICollectionFixture<AttackTally>
{
    public const string Name = "Attacks";
}
