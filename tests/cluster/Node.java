import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/** One node of a test cluster, as a process of its own, so that a test can kill it. It listens on loopback only. */
final class Node extends org.opensearch.node.Node {
    private Node(Environment environment, List<Class<? extends Plugin>> plugins) {
        super(environment, plugins, true);
    }

    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService service) {
        // Its ids in lines of the log are wanted by nobody, and the listener can be set once a process only.
    }

    /** Arguments: name, folder, HTTP port, transport port, transport addresses of all nodes, names of all nodes. */
    public static void main(String[] args) throws Exception {
        String name = args[0];
        Path home = Path.of(args[1]);
        Settings settings = Settings.builder()
            .put("cluster.name", "despatch-test")
            .put("node.name", name)
            .put("path.home", home)
            .put("network.host", "127.0.0.1")
            .put("http.port", args[2])
            .put("transport.port", args[3])
            .putList("discovery.seed_hosts", args[4].split(","))
            .putList("cluster.initial_cluster_manager_nodes", args[5].split(","))
            .putList("node.roles", "cluster_manager", "data")
            .put("action.auto_create_index", false)
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("node.store.allow_mmap", false)
            .build();
        Path config = Files.createDirectories(home.resolve("config"));
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> name);
        Node node = new Node(environment, List.of(Netty4Plugin.class, CommonAnalysisPlugin.class));
        node.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (java.io.IOException error) {
                System.err.println(error);
            }
        }));
        new CountDownLatch(1).await();
    }
}
