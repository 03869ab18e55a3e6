using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary>Shapes of schemas as ML.NET's chains make them.</summary>
internal static class TestSchemas
{
    public static SchemaShape ShapeOf(DataViewSchema schema) => CreateShape(null, schema);

    // What EstimatorChain.Fit does; ML.NET keeps it internal.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern SchemaShape CreateShape(SchemaShape? type, DataViewSchema schema);
}
