import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain.CacheConfiguration;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.http.ManagedWebAccess;
import org.hl7.fhir.utilities.http.ManagedWebAccess.WebAccessPolicy;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;

/**
 * Validates FHIR JSON files of one release with the HL7 engine, without a network.
 *
 * <p>The property {@code fhir} names the release: R4 unless it is R5. Arguments: the number of
 * threads, then the folders that hold the definitions. File names are
 * read from standard input, one a line. Standard output receives one JSON object a file, in the
 * order asked for; standard error receives words for people.
 */
final class ValidateBundles {

  /** The kinds of definition loaded from a folder, by the start of the file name. */
  private static final Set<String> DEFINITION_TYPES =
      Set.of("StructureDefinition", "ValueSet", "CodeSystem");

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private record Message(
      String severity, String id, String location, Integer line, String text, List<String> details) {

    static Message of(SingleValidationMessage raw) {
      return new Message(
          raw.getSeverity().getCode(),
          raw.getMessageId(),
          raw.getLocationString(),
          raw.getLocationLine(),
          raw.getMessage(),
          raw.getSliceMessages());
    }

    /** A file that the engine cannot read at all: the class of the failure, never its content. */
    static Message unreadable(Exception failure) {
      String text = "The validator could not read this file: " + failure.getClass().getSimpleName();
      return new Message("fatal", "SEMANTIX_UNREADABLE", "", null, text, null);
    }
  }

  private record Outcome(String file, long millis, List<Message> messages) {}

  public static void main(String[] arguments) throws Exception {
    PrintStream results = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // The engine prints at times: only results may reach the output.
    Locale.setDefault(Locale.ENGLISH);
    ManagedWebAccess.setAccessPolicy(WebAccessPolicy.PROHIBITED);

    boolean isR5 = "R5".equals(System.getProperty("fhir"));
    FhirContext context = isR5 ? FhirContext.forR5() : FhirContext.forR4();
    int threads = Integer.parseInt(arguments[0]);
    List<Path> folders = Stream.of(arguments).skip(1).map(Path::of).toList();
    List<String> files = readLines();

    long start = System.nanoTime();
    FhirValidator validator = validator(context, folders);
    System.err.printf("Definitions loaded in %d ms%n", millisSince(start));

    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Outcome>> pending = new ArrayList<>();
      for (String file : files) {
        pending.add(pool.submit(() -> validate(validator, file)));
      }
      for (Future<Outcome> outcome : pending) {
        results.println(JSON.toJson(outcome.get()));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<String> readLines() throws IOException {
    var reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return reader.lines().filter(line -> !line.isBlank()).toList();
  }

  private static Outcome validate(FhirValidator validator, String file) {
    long start = System.nanoTime();
    List<Message> messages;
    try {
      String resource = Files.readString(Path.of(file));
      messages =
          validator.validateWithResult(resource).getMessages().stream().map(Message::of).toList();
    } catch (IOException | RuntimeException failure) {
      messages = List.of(Message.unreadable(failure));
    }
    return new Outcome(file, millisSince(start), messages);
  }

  @SuppressWarnings("deprecation") // What replaces the unknown systems' class needs a HAPI server.
  private static FhirValidator validator(FhirContext context, List<Path> folders)
      throws IOException {
    var unknownSystems = new UnknownCodeSystemWarningValidationSupport(context);
    unknownSystems.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);

    // Our definitions come first: they may carry a newer edition of what HL7's jars hold.
    var chain =
        new ValidationSupportChain(
            CacheConfiguration.defaultValues(),
            definitions(context, folders),
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context),
            unknownSystems);

    var engine = new FhirInstanceValidator(chain);
    engine.setAnyExtensionsAllowed(true);
    engine.setErrorForUnknownProfiles(true);
    // HL7's own policy: unlike HAPI's, it hides no message and holds vital signs to their profiles.
    engine.setValidatorPolicyAdvisor(
        new BasePolicyAdvisorForFullValidation(ReferenceValidationPolicy.IGNORE, Set.of()));
    return context.newValidator().registerValidatorModule(engine);
  }

  private static PrePopulatedValidationSupport definitions(FhirContext context, List<Path> folders)
      throws IOException {
    var support = new PrePopulatedValidationSupport(context);
    var parser = context.newJsonParser();
    for (Path folder : folders) {
      for (Path file : definitionFiles(folder)) {
        IBaseResource resource = parser.parseResource(Files.readString(file));
        support.addResource(resource);
      }
    }
    System.err.printf("%d definitions in %s%n", support.countAll(), folders);
    return support;
  }

  private static List<Path> definitionFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(ValidateBundles::isDefinition).sorted().toList();
    }
  }

  private static boolean isDefinition(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") && DEFINITION_TYPES.contains(name.split("-", 2)[0]);
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
