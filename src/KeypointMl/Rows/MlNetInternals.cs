using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using KeypointMl.Onnx.Model;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Rows;

/// <summary>
/// Every use of ML.NET's internals. A transform from outside ML.NET can be written with its public API, but can neither
/// describe its output to <see cref="SchemaShape"/>, nor be saved (dotnet/machinelearning#3243, #4911), nor ask its
/// context for the GPU. Tested with 5.0.1, allowed up to 6: <see cref="Verify"/> finds out whether all that is reached for is there.
/// </summary>
internal static class MlNetInternals
{
    private const string VersionInfoName = "Microsoft.ML.VersionInfo";
    private const string LoadContextName = "Microsoft.ML.ModelLoadContext";
    private const string RepositoryName = "Microsoft.ML.RepositoryReader";
    private const string CatalogName = "Microsoft.ML.Data.IInternalCatalog";
    private const string EnvironmentName = "Microsoft.ML.Runtime.IHostEnvironmentInternal";
    private const string SlotNames = "SlotNames";

    private static readonly Assembly Core = typeof(SchemaShape).Assembly;

    /// <summary>Finds every internal member that this file uses.</summary>
    /// <exception cref="InvalidOperationException">One is missing: the process runs another version of Microsoft.ML.</exception>
    public static void Verify()
    {
        CoreType(VersionInfoName);
        CoreType(LoadContextName);
        Found(SetVersionInfoMethod, "ModelSaveContext.SetVersionInfo");
        Found(ReaderField, "ModelLoadContext.Reader");
        Found(RepositoryField, "ModelLoadContext.Repository");
        Found(DirectoryField, "ModelLoadContext.Directory");
        Found(EntriesField, "RepositoryReader._entries");
        Found(EnvironmentProperty, "IInternalCatalog.Environment");
        Found(GpuProperty, "IHostEnvironmentInternal.GpuDeviceId");
        Found(FallbackProperty, "IHostEnvironmentInternal.FallbackToCpu");
        try
        {
            NewColumn("test", SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false, null);
        }
        catch (MissingMethodException e)
        {
            throw Mismatch(e.Message);
        }
    }

    /// <summary>Describes a known-sized vector of floats with its annotations to an estimator chain.</summary>
    public static SchemaShape.Column VectorOfSingle(DataViewSchema.Column column) =>
        VectorOfSingle(column.Name, column.Annotations.Schema.Select(annotation => annotation.Name));

    /// <inheritdoc cref="VectorOfSingle(DataViewSchema.Column)"/>
    /// <param name="name">The column's name.</param>
    /// <param name="texts">The names of its annotations: slot names, and single texts.</param>
    public static SchemaShape.Column VectorOfSingle(string name, IEnumerable<string> texts)
    {
        IEnumerable<SchemaShape.Column> annotations = texts.Select(annotation => NewColumn(
            annotation,
            annotation == SlotNames ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar,
            TextDataViewType.Instance,
            false,
            null));
        return NewColumn(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(annotations));
    }

    /// <summary>Describes a column of images, or of whatever else is one value a row, to an estimator chain.</summary>
    public static SchemaShape.Column Scalar(string name, DataViewType type) =>
        NewColumn(name, SchemaShape.Column.VectorKind.Scalar, type, false, null);

    /// <summary>Describes a column of text to an estimator chain.</summary>
    public static SchemaShape.Column Text(DataViewSchema.Column column) =>
        Scalar(column.Name, TextDataViewType.Instance);

    /// <summary>Writes the header by which ML.NET finds the loader of what follows.</summary>
    public static void WriteHeader(ModelSaveContext context, string modelSignature, string loaderSignature, Assembly loaderAssembly)
    {
        const uint Version = 0x00010001;
        object version = Activator.CreateInstance(
            CoreType(VersionInfoName), modelSignature, Version, Version, Version, loaderAssembly.FullName, loaderSignature, null)!;
        Found(SetVersionInfoMethod, "ModelSaveContext.SetVersionInfo").Invoke(context, [version]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Writer")]
    public static extern ref BinaryWriter Writer(ModelSaveContext context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SaveBinaryStream")]
    public static extern void SaveBinaryStream(ModelSaveContext context, string name, Action<BinaryWriter> write);

    /// <summary>The reader of a <c>ModelLoadContext</c>.</summary>
    public static BinaryReader Reader(object loadContext) =>
        (BinaryReader)Found(ReaderField, "ModelLoadContext.Reader").GetValue(loadContext)!;

    /// <summary>Reads an entry that <see cref="SaveBinaryStream"/> wrote, from the zip itself: ML.NET would first decompress it
    /// to a temporary file, whatever its size.</summary>
    /// <param name="loadContext">A <c>ModelLoadContext</c>.</param>
    /// <param name="name">The entry, beside the transform's own.</param>
    /// <exception cref="InvalidDataException">The model has no such entry, or it is damaged or larger than any model, of which
    /// nothing is read then.</exception>
    public static byte[] LoadBinaryStream(object loadContext, string name)
    {
        object repository = Found(RepositoryField, "ModelLoadContext.Repository").GetValue(loadContext)!;
        var entries = (Dictionary<string, ZipArchiveEntry>)Found(EntriesField, "RepositoryReader._entries").GetValue(repository)!;
        string path = Path.Combine((string?)Found(DirectoryField, "ModelLoadContext.Directory").GetValue(loadContext) ?? "", name);
        // The separators are those of the machine that wrote the file.
        ZipArchiveEntry entry = entries.GetValueOrDefault(path)
            ?? entries.GetValueOrDefault(path.Replace('/', '\\'))
            ?? entries.GetValueOrDefault(path.Replace('\\', '/'))
            ?? throw new InvalidDataException($"The model file has no entry '{name}'; it is damaged. Save the model again.");
        return ZipEntryBytes.Read(entry, name, OnnxLoadOptions.Default.MaxBytes);
    }

    /// <summary>The environment of the context whose catalog this is.</summary>
    public static IHostEnvironment Environment(TransformsCatalog catalog) =>
        (IHostEnvironment)Found(EnvironmentProperty, "IInternalCatalog.Environment").GetValue(catalog)!;

    /// <summary>On which GPU an environment wants models to run, and whether the CPU will do.</summary>
    public static ContextDevice Device(IHostEnvironment environment)
    {
        PropertyInfo gpu = Found(GpuProperty, "IHostEnvironmentInternal.GpuDeviceId");
        PropertyInfo fallback = Found(FallbackProperty, "IHostEnvironmentInternal.FallbackToCpu");
        return gpu.DeclaringType!.IsInstanceOfType(environment)
            ? new ContextDevice((int?)gpu.GetValue(environment), (bool)fallback.GetValue(environment)!)
            : default;
    }

    private static MethodInfo? SetVersionInfoMethod =>
        typeof(ModelSaveContext).GetMethod("SetVersionInfo", BindingFlags.Instance | BindingFlags.NonPublic);

    private static FieldInfo? ReaderField => CoreType(LoadContextName).GetField("Reader");

    private static FieldInfo? RepositoryField => CoreType(LoadContextName).GetField("Repository");

    private static FieldInfo? DirectoryField => CoreType(LoadContextName).GetField("Directory");

    private static FieldInfo? EntriesField => CoreType(RepositoryName).GetField("_entries", BindingFlags.Instance | BindingFlags.NonPublic);

    private static PropertyInfo? EnvironmentProperty =>
        typeof(TransformsCatalog).Assembly.GetType(CatalogName)?.GetProperty("Environment");

    private static PropertyInfo? GpuProperty => CoreType(EnvironmentName).GetProperty("GpuDeviceId");

    private static PropertyInfo? FallbackProperty => CoreType(EnvironmentName).GetProperty("FallbackToCpu");

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations);

    private static Type CoreType(string name) => Core.GetType(name) ?? throw Mismatch($"type {name}");

    private static T Found<T>(T? member, string name)
        where T : class => member ?? throw Mismatch(name);

    private static InvalidOperationException Mismatch(string what) => new(
        $"KeypointMl needs Microsoft.ML 5, and is tested with 5.0.1; this process runs {Core.GetName().Name} "
        + $"{Core.GetName().Version}, in which this is missing: {what}. Reference Microsoft.ML 5.0.1.");
}
