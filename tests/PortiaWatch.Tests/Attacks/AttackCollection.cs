namespace PortiaWatch.Tests.Attacks;

/// <summary>All attacks are counted together.</summary>
[CollectionDefinition(Name)]
public sealed class AttackCollection : ICollectionFixture<AttackTally>
{
    public const string Name = "Attacks";
}
