package io.github.skydl4j;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.skydl4j.cli.Sky;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/** The order of the packages and the walls between them and third-party code. */
@AnalyzeClasses(packages = "io.github.skydl4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.github.skydl4j";

    /** Read downwards: a package is used by those named, and by no other. */
    @ArchTest
    static final ArchRule packagesUseOnlyThoseBeforeThem = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("schedule")
            .definedBy(ROOT + ".schedule")
            .layer("plan")
            .definedBy(ROOT + ".plan")
            .layer("bert")
            .definedBy(ROOT + ".bert")
            .layer("text")
            .definedBy(ROOT + ".text")
            .layer("graph")
            .definedBy(ROOT + ".graph")
            .layer("profile")
            .definedBy(ROOT + ".profile")
            .layer("pipeline")
            .definedBy(ROOT + ".pipeline")
            .layer("root")
            .definedBy(ROOT)
            .layer("cli")
            .definedBy(ROOT + ".cli")
            .layer("spark")
            .definedBy(ROOT + ".spark")
            .whereLayer("schedule")
            .mayOnlyBeAccessedByLayers("plan", "graph", "profile", "pipeline", "root", "cli", "spark")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("graph", "profile", "pipeline", "root", "cli", "spark")
            .whereLayer("bert")
            .mayOnlyBeAccessedByLayers("graph", "profile", "pipeline", "root", "cli")
            .whereLayer("text")
            .mayOnlyBeAccessedByLayers("root", "cli")
            .whereLayer("graph")
            .mayOnlyBeAccessedByLayers("profile", "pipeline", "root", "cli")
            .whereLayer("profile")
            .mayOnlyBeAccessedByLayers("root", "cli")
            .whereLayer("pipeline")
            .mayOnlyBeAccessedByLayers("root", "cli")
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("cli", "spark")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("spark")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule planAndScheduleAreJavaAlone = classes()
            .that(are(resideInAnyPackage(ROOT + ".plan", ROOT + ".schedule")))
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("java..", "org.jspecify..", ROOT + ".plan", ROOT + ".schedule"));

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsPicocliAndYaml = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli")
            .should()
            .dependOnClassesThat(resideInAnyPackage("picocli..", "com.fasterxml.jackson.dataformat.."));

    /** bert reads config.json and the header of safetensors files. */
    @ArchTest
    static final ArchRule onlyTheCommandLineAndBertReadJson = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".cli", ROOT + ".bert")
            .should()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

    @ArchTest
    static final ArchRule onlySparkKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".spark")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "org.deeplearning4j.spark.."));

    @ArchTest
    static final ArchRule onlyTuneKnowsArbiter = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".tune")
            .should()
            .dependOnClassesThat(resideInAPackage("org.deeplearning4j.arbiter.."));

    @ArchTest
    static final ArchRule onlyTransportKnowsAeronAndTheParameterServer = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".transport")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.aeron..", "org.agrona..", "org.nd4j.parameterserver.."));

    @ArchTest
    static final ArchRule nobodyKnowsTheLoggingBackEnd = noClasses()
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.apache.logging..", "org.apache.log4j..", "java.util.logging.."));

    @ArchTest
    static final ArchRule onlyTheMainEndsTheJvm = noClasses()
            .that()
            .areNotAssignableTo(Sky.class)
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule nobodyDeserializesJavaObjects = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInputStream.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ObjectOutputStream.class);

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class);
}
