using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// The options of a module, each with its values from the simplest to the most unusual. Seeded random choices are
/// checked as properties; a failing one is shrunk, option by option, towards the simplest values, so that the failure
/// names the fewest options that it needs.
/// </summary>
/// <param name="Subject">The type that the options are of.</param>
/// <param name="Options">The options by name.</param>
/// <param name="CaseOf">The case of a choice; null where the module itself forbids the choice.</param>
internal sealed record OptionSpace(Type Subject, IReadOnlyList<(string Name, object[] Values)> Options, Func<Choice, ParityCase?> CaseOf)
{
    // A fixed start, so that every run checks the same choices.
    private static readonly Replay Replay = new(new Rnd(20240917, 1), FSharpOption<int>.None);

    /// <summary>How many choices are checked.</summary>
    public int Count { get; init; } = 40;

    public override string ToString() => ParityCase.Name(Subject);

    /// <summary>An option of whole numbers.</summary>
    public static (string Name, object[] Values) Numbers(string name, params int[] values) =>
        (name, [.. values.Select(value => (object)value)]);

    /// <summary>An option that is on or off.</summary>
    public static (string Name, object[] Values) Flags(string name, bool usual) => (name, [usual, !usual]);

    /// <summary>An option of other values.</summary>
    public static (string Name, object[] Values) Any<T>(string name, params T[] values)
        where T : notnull => (name, [.. values.Select(value => (object)value)]);

    /// <summary>Checks as many choices as <see cref="Count"/> says.</summary>
    /// <param name="record">Gets what every choice that agrees gave.</param>
    public void Check(Action<ParityCase, Difference> record)
    {
        Gen<int[]> indices = Gen.CollectToArray(Options.Select(option => Gen.Choose(0, option.Values.Length - 1))).Where(IsPossible);
        Arbitrary<int[]> choices = Arb.From(indices, Simpler);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Count).WithReplay(Replay).WithQuietOnSuccess(true);
        FsCheck.Check.One(config, Prop.ForAll(choices, choice =>
        {
            ParityCase parity = CaseOf(ChoiceOf(choice))!;
            record(parity, parity.Run());
        }));
    }

    private IEnumerable<int[]> Simpler(int[] choice) =>
        from option in Enumerable.Range(0, choice.Length)
        from value in Enumerable.Range(0, choice[option])
        let simpler = choice.Select((index, position) => position == option ? value : index).ToArray()
        where IsPossible(simpler)
        select simpler;

    private bool IsPossible(int[] choice) => CaseOf(ChoiceOf(choice)) is not null;

    private Choice ChoiceOf(int[] choice)
    {
        var values = Options.Select((option, index) => KeyValuePair.Create(option.Name, option.Values[choice[index]])).ToDictionary();
        string[] unusual = [.. Options.Where((_, index) => choice[index] > 0)
            .Select(option => $"{option.Name} {Text(values[option.Name])}")];
        return new Choice(values, unusual.Length == 0 ? "simplest" : string.Join(", ", unusual));
    }

    /// <summary>A value for a reader.</summary>
    public static string Text(object value) => value is bool flag ? (flag ? "yes" : "no") : FormattableString.Invariant($"{value}");
}
