// Reads a table by the ordinary chain of the AWS SDK for Go, as any program would.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func main() {
	ctx := context.Background()
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fail(err)
	}
	client := dynamodb.NewFromConfig(loaded)
	for range 3 {
		answer, err := client.Query(ctx, &dynamodb.QueryInput{
			TableName:                 aws.String("bank_operational_metrics"),
			KeyConditionExpression:    aws.String("metric = :m"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":m": &types.AttributeValueMemberS{Value: "payments_failed"}},
		})
		if err != nil {
			fail(err)
		}
		fmt.Println(answer.Count)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
