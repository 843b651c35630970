import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads a table by the default chain of the AWS SDK for Java, as any program would. */
public class Client {
  public static void main(String[] args) {
    try (DynamoDbClient client = DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      for (int call = 0; call < 3; call++) {
        var answer = client.query(query -> query
            .tableName("bank_operational_metrics")
            .keyConditionExpression("metric = :m")
            .expressionAttributeValues(Map.of(":m", AttributeValue.fromS("payments_failed"))));
        System.out.println(answer.count());
      }
    } catch (RuntimeException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }
}
