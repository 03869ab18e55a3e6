using System.Text;

namespace KeypointMl.Data.Formats.Pickles;

/// <summary>
/// What the names, calls and persistent ids in one kind of pickle stand for. Python would import and call whatever a
/// pickle names; here a dialect knows a few names, compares them, and refuses all others.
/// </summary>
internal abstract class PickleDialect
{
    /// <summary>The highest protocol that is read.</summary>
    public virtual int HighestProtocol => 5;

    /// <summary>How Python 2's texts, which are bytes, and bytes are read.</summary>
    public virtual Encoding Bytes => Encoding.Latin1;

    /// <summary>A name itself, where it is known.</summary>
    /// <exception cref="InvalidDataException">It is not; the message gives it.</exception>
    public abstract PickleGlobal Check(PickleGlobal global);

    /// <summary>What calling a known name gives.</summary>
    /// <exception cref="InvalidDataException">It cannot be called, or not with these arguments.</exception>
    public abstract object Call(PickleGlobal callable, object?[] arguments);

    /// <summary>Gives an object its state.</summary>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public abstract void SetState(object? target, object? state);

    /// <summary>What a persistent id stands for, a thing outside the pickle.</summary>
    /// <exception cref="InvalidDataException">It is of no known kind.</exception>
    public virtual object Persistent(object? id) => throw new InvalidDataException("something outside the pickle is referred to");
}

/// <summary>A Python name that a pickle refers to. It is compared with the few that are known, and never looked up or called.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
