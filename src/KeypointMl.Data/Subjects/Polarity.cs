namespace KeypointMl.Data;

/// <summary>How subjects differ from the ground behind them.</summary>
internal enum Polarity
{
    /// <summary>In parts brighter, in parts darker.</summary>
    Both,

    /// <summary>Brighter.</summary>
    Brighter,

    /// <summary>Darker.</summary>
    Darker,
}
