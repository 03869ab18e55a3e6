using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KeypointMl.Cli.Tests.Architecture;

/// <summary>One of our assemblies as it was compiled: which namespace uses which, by an example of each.</summary>
internal sealed class CompiledRoom
{
    private readonly SortedDictionary<(string From, string To), string> uses = [];
    private readonly string name;

    private CompiledRoom(string name) => this.name = name;

    /// <summary>Its name, which is its project's.</summary>
    public string Name => name;

    /// <summary>Those of our assemblies that it refers to.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Its namespaces.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>Which of its namespaces uses which other one, with the first type that does so.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Uses => uses;

    /// <summary>All of our assemblies that lie beside the tests, but for tests.</summary>
    public static IReadOnlyList<CompiledRoom> ReadAll() =>
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "KeypointMl*.dll")
            .Where(path => !path.EndsWith("Tests.dll", StringComparison.Ordinal)
                && !path.EndsWith("FreshProcess.dll", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    private static CompiledRoom Read(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        var room = new CompiledRoom(module.Assembly.Name.Name)
        {
            References = [.. module.AssemblyReferences.Select(reference => reference.Name).Where(IsOurs).Order(StringComparer.Ordinal)],
            Namespaces = [.. module.Types.Select(type => type.Namespace).Where(IsOurs).Distinct().Order(StringComparer.Ordinal)],
        };
        foreach (TypeDefinition type in module.Types.Where(type => IsOurs(type.Namespace)))
            room.Walk(type, type);
        return room;
    }

    private static bool IsOurs(string name) => name == "KeypointMl" || name.StartsWith("KeypointMl.", StringComparison.Ordinal);

    private void Walk(TypeDefinition type, TypeDefinition owner)
    {
        Note(type.BaseType, owner);
        foreach (InterfaceImplementation implemented in type.Interfaces)
            Note(implemented.InterfaceType, owner);
        foreach (CustomAttribute attribute in type.CustomAttributes)
            Note(attribute.AttributeType, owner);
        foreach (TypeReference constraint in type.GenericParameters.SelectMany(parameter => parameter.Constraints)
            .Select(one => one.ConstraintType))
            Note(constraint, owner);
        foreach (FieldDefinition field in type.Fields)
            Note(field.FieldType, owner);
        foreach (MethodDefinition method in type.Methods)
            Walk(method, owner);
        foreach (TypeDefinition nested in type.NestedTypes)
            Walk(nested, owner);
    }

    private void Walk(MethodDefinition method, TypeDefinition owner)
    {
        Note(method, owner);
        foreach (CustomAttribute attribute in method.CustomAttributes)
            Note(attribute.AttributeType, owner);
        if (!method.HasBody)
            return;
        foreach (VariableDefinition variable in method.Body.Variables)
            Note(variable.VariableType, owner);
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers.Where(handler => handler.CatchType is not null))
            Note(handler.CatchType, owner);
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Note(type, owner);
                    break;
                case MethodReference called:
                    Note(called, owner);
                    break;
                case FieldReference field:
                    Note(field.DeclaringType, owner);
                    Note(field.FieldType, owner);
                    break;
            }
        }
    }

    private void Note(MethodReference method, TypeDefinition owner)
    {
        Note(method.DeclaringType, owner);
        Note(method.ReturnType, owner);
        foreach (ParameterDefinition parameter in method.Parameters)
            Note(parameter.ParameterType, owner);
        foreach (TypeReference argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
            Note(argument, owner);
    }

    private void Note(TypeReference? type, TypeDefinition owner)
    {
        if (type is GenericInstanceType instance)
        {
            foreach (TypeReference argument in instance.GenericArguments)
                Note(argument, owner);
        }
        if (type?.GetElementType() is not { IsGenericParameter: false } element)
            return;
        while (element.DeclaringType is not null)
            element = element.DeclaringType;
        if (element is TypeSpecification inner)
            Note(inner.ElementType, owner);
        else if (IsOurs(element.Namespace) && element.Scope is ModuleDefinition && element.Namespace != owner.Namespace)
            uses.TryAdd((owner.Namespace, element.Namespace), $"{owner.Name} → {element.Name}");
    }
}
