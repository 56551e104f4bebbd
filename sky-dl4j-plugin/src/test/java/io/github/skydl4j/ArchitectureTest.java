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
            .layer("monitor")
            .definedBy(ROOT + ".monitor..")
            .layer("transport")
            .definedBy(ROOT + ".transport")
            .layer("cluster")
            .definedBy(ROOT + ".cluster")
            .layer("root")
            .definedBy(ROOT)
            .layer("tune")
            .definedBy(ROOT + ".tune")
            .layer("spark")
            .definedBy(ROOT + ".spark")
            .layer("cli")
            .definedBy(ROOT + ".cli")
            .whereLayer("schedule")
            .mayOnlyBeAccessedByLayers(
                    "plan", "graph", "profile", "pipeline", "monitor", "cluster", "root", "tune", "spark", "cli")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers(
                    "graph", "profile", "pipeline", "monitor", "transport", "cluster", "root", "tune", "spark", "cli")
            .whereLayer("bert")
            .mayOnlyBeAccessedByLayers("graph", "profile", "pipeline", "cluster", "root", "tune", "spark", "cli")
            .whereLayer("text")
            .mayOnlyBeAccessedByLayers("root", "tune", "spark", "cli")
            .whereLayer("graph")
            .mayOnlyBeAccessedByLayers("profile", "pipeline", "transport", "cluster", "root", "tune", "spark", "cli")
            .whereLayer("profile")
            .mayOnlyBeAccessedByLayers("cluster", "root", "tune", "spark", "cli")
            .whereLayer("pipeline")
            .mayOnlyBeAccessedByLayers("profile", "monitor", "transport", "cluster", "root", "tune", "spark", "cli")
            .whereLayer("monitor")
            .mayOnlyBeAccessedByLayers("cluster", "root", "tune", "spark", "cli")
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("cluster", "root", "tune", "spark", "cli")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("root", "tune", "spark", "cli")
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("tune", "spark", "cli")
            .whereLayer("tune")
            .mayOnlyBeAccessedByLayers("spark", "cli")
            .whereLayer("spark")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
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

    /** bert reads config.json and the header of safetensors files, monitor writes traces and the data of its page,
     * profile the profiles that it keeps, tune its journal. */
    @ArchTest
    static final ArchRule onlyTheseKnowJson = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT + ".cli", ROOT + ".bert", ROOT + ".profile", ROOT + ".monitor..", ROOT + ".tune")
            .should()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

    /** Optional dependencies: no other class may need them. */
    @ArchTest
    static final ArchRule onlyThePageKnowsTheTrainingUi = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".monitor.ui")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.deeplearning4j.ui..", "io.vertx.."));

    /** Optional too; DL4J's Spark has it in its signatures. */
    @ArchTest
    static final ArchRule onlyThePageAndSparkKnowTheStorageOfStatistics = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".monitor.ui", ROOT + ".spark")
            .should()
            .dependOnClassesThat(resideInAPackage("org.deeplearning4j.core.storage.."));

    /** Optional dependencies: no other class may need them. */
    @ArchTest
    static final ArchRule onlyMetricsKnowMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".monitor.metrics")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus.."));

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
