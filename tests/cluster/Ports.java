import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** Prints as many free ports of loopback as are asked for; with --ask URL what is answered there. */
final class Ports {
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("--ask")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(args[1])).build();
            System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
            return;
        }
        List<ServerSocket> held = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (int at = 0; at < Integer.parseInt(args[0]); at++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports.add(Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        System.out.println(String.join(" ", ports));
    }
}
