using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KeypointMl.Training.Recipes;

/// <summary>
/// <see cref="RecipeNode"/> → YAML text, byte for byte the same on every platform, since a recipe's hash is taken over
/// it.
/// </summary>
internal static class RecipeWriter
{
    public static string Write(RecipeMap root)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithNewLine("\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, RecipeNode node)
    {
        switch (node)
        {
            case RecipeMap map:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, map.Entries.Count == 0
                    ? MappingStyle.Flow
                    : MappingStyle.Block));
                foreach (RecipeEntry entry in map.Entries)
                {
                    emitter.Emit(new Scalar(entry.Key));
                    Emit(emitter, entry.Value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case RecipeList list:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Flow));
                foreach (RecipeNode item in list.Items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case RecipeScalar scalar:
                // Text that would read as null must be quoted; other text may stay plain, because its key says that it is text.
                ScalarStyle style = scalar.Quoted && scalar.Text is "" or "~" or "null" ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
                emitter.Emit(new Scalar(null, null, scalar.Text, style, isPlainImplicit: true, isQuotedImplicit: true));
                break;
        }
    }
}
